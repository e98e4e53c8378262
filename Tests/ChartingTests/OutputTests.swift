import CCairo
import Foundation
import Testing

@testable import Charting

@Suite struct OutputTests {
  @Test(arguments: Figure.Format.allCases) func equalFiguresGiveEqualBytes(_ format: Figure.Format) throws {
    let first = try Samples.cloning.bytes(as: format)
    #expect(first == (try Samples.cloning.bytes(as: format)))
    var other = Samples.cloning
    other.footer = "another footer"
    #expect(first != (try other.bytes(as: format)))
  }

  /// Every line is drawn from end to end, whatever was drawn before it.
  @Test func linesAreWhole() throws {
    let dashes: [Style.Dash] = [.solid, .dotted, .dashed, .dashDotted]
    // Each curve lies between the one before it and that one's chord.
    let series = dashes.enumerated().map { index, dash in
      Series(
        label: nil, style: Style(color: index, dash: dash),
        kind: .line(
          points: (0...60).map { x in
            Point(Double(x), 0.5 + 0.1 * Double(index) + 4 * exp(-Double(x) / Double(6 + 4 * index)))
          }))
    }
    let figure = Figure(
      panels: [Panel(xAxis: Axis(label: "x"), yAxis: Axis(label: "y", limits: 0...5), series: series)],
      columns: 1)
    let image = try Image(figure)
    let frame = try FigureLayout.scene(of: figure).frames[0]
    for index in series.indices {
      let color = figure.theme.palette[index]
      for part in 0..<6 {
        let span = Box(
          x: frame.x + frame.width * (Double(part) / 6 + 0.01), y: frame.y, width: frame.width / 6,
          height: frame.height)
        #expect(image.count(of: color, in: span) > 10, "series \(index), part \(part)")
      }
    }
  }

  @Test func bandsAreTinted() throws {
    let points = (0...10).map { Point(Double($0), 1) }
    let series = Series(
      label: nil, style: Style(color: 1),
      kind: .line(points: points, band: points.map { _ in Interval(0, 2) }))
    let figure = Figure(
      panels: [Panel(xAxis: Axis(label: "x"), yAxis: Axis(label: "y"), series: [series])], columns: 1)
    let image = try Image(figure)
    let frame = try FigureLayout.scene(of: figure).frames[0]
    let middle = image.pixel(x: frame.x + frame.width * 0.53, y: frame.y + frame.height * 0.31)
    let full = figure.theme.palette[1]
    #expect(middle.red > full.red && middle.red <= 1)
    #expect(middle.blue < 0.98 && middle.blue > full.blue, "between white and the full colour")
  }

  @Test func onALogarithmicAxisABandBelowZeroReachesTheBottom() throws {
    let points = (0...10).map { Point(Double($0), 1) }
    let series = Series(
      label: nil, style: Style(color: 1),
      kind: .line(points: points, band: points.map { _ in Interval(-1, 10) }))
    let figure = Figure(
      panels: [
        Panel(
          xAxis: Axis(label: "x"), yAxis: Axis(label: "y", scale: .logarithmic, limits: 0.01...100),
          series: [series])
      ], columns: 1)
    let image = try Image(figure)
    let frame = try FigureLayout.scene(of: figure).frames[0]
    for share in [0.3, 0.95] {
      let pixel = image.pixel(x: frame.x + frame.width * 0.53, y: frame.y + frame.height * share)
      #expect(pixel.blue < 0.98, "\(share) of the way down")
    }
    #expect(image.pixel(x: frame.x + frame.width * 0.53, y: frame.y + frame.height * 0.1).blue > 0.98)
  }

  @Test func thePageIsWhiteToItsLastRow() throws {
    let image = try Image(Samples.cloning)
    for y in [0, image.height - 1] {
      let pixel = image.pixel(column: image.width / 2, row: y)
      #expect(pixel == Color(gray: 1))
    }
  }

  @Test func aPanelWithoutDataSaysSo() throws {
    let figure = Figure(
      panels: [Panel(xAxis: Axis(label: "x"), yAxis: Axis(label: "y"), series: [])], columns: 1)
    let texts = try FigureLayout.scene(of: figure).texts
    #expect(texts.contains { $0.role == .empty })
    #expect(!texts.contains { $0.role == .xTick || $0.role == .yTick }, "there is nothing to count")
  }

  @Test func mistakesAreTyped() throws {
    var figure = Samples.cloning
    #expect(throws: FigureError.self) { try figure.write(to: "/proc/no/such/folder/figure") }
    figure.panels[0].yAxis.lower = .nan
    #expect(throws: FigureError.self) { try figure.bytes(as: .svg) }
    figure = Samples.cloning
    figure.footer = "a < b"
    #expect(throws: FigureError.self) { try figure.bytes(as: .svg) }
    figure.footer = nil
    figure.panels = []
    #expect(throws: FigureError.noPanels) { try figure.bytes(as: .svg) }
  }
}

/// A figure's PNG, pixel by pixel.
private struct Image {
  let width: Int
  let height: Int
  private let scale: Double
  private var pixels: [UInt32] = []

  init(_ figure: Figure) throws {
    let path = FileManager.default.temporaryDirectory.path + "/image-\(UUID().uuidString)"
    try figure.write(to: path, formats: [.png])
    defer { try? FileManager.default.removeItem(atPath: path + ".png") }
    let surface = try #require(cairo_image_surface_create_from_png(path + ".png"))
    defer { cairo_surface_destroy(surface) }
    width = Int(cairo_image_surface_get_width(surface))
    height = Int(cairo_image_surface_get_height(surface))
    scale = 200.0 / 72
    let stride = Int(cairo_image_surface_get_stride(surface))
    let data = try #require(cairo_image_surface_get_data(surface))
    for row in 0..<height {
      let line = UnsafeRawPointer(data + row * stride)
      for column in 0..<width { pixels.append(line.load(fromByteOffset: 4 * column, as: UInt32.self)) }
    }
  }

  func pixel(column: Int, row: Int) -> Color { Color(pixels[row * width + column] & 0xff_ffff) }

  /// The pixel at a place in points.
  func pixel(x: Double, y: Double) -> Color { pixel(column: Int(x * scale), row: Int(y * scale)) }

  /// How many pixels within a box in points have a colour, but for smoothing at edges.
  func count(of color: Color, in box: Box) -> Int {
    var count = 0
    for row in Int(box.y * scale)..<Int(box.bottom * scale) {
      for column in Int(box.x * scale)..<Int(box.right * scale) {
        let found = pixel(column: column, row: row)
        let distance = [found.red - color.red, found.green - color.green, found.blue - color.blue]
        if distance.allSatisfy({ abs($0) < 0.12 }) { count += 1 }
      }
    }
    return count
  }
}
