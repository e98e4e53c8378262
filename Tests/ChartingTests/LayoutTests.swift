import Testing

@testable import Charting

/// Nothing is clipped, nothing covers anything: measured on every sample.
@Suite struct LayoutTests {
  @Test(arguments: Samples.all.map(\.name)) func everyTextLiesOnThePage(_ name: String) throws {
    let scene = try scene(name)
    let page = Box(x: 0, y: 0, width: scene.width, height: scene.height)
    #expect(!scene.texts.isEmpty)
    for text in scene.texts { #expect(page.contains(text.box, tolerance: 0.01), "\(text.text)") }
    for frame in scene.frames { #expect(page.contains(frame)) }
  }

  @Test(arguments: Samples.all.map(\.name)) func noTwoTextsOverlap(_ name: String) throws {
    let texts = try scene(name).texts
    for (index, first) in texts.enumerated() {
      for second in texts[(index + 1)...] {
        #expect(!first.box.intersects(second.box), "\(first.text) and \(second.text)")
      }
    }
  }

  @Test(arguments: Samples.all.map(\.name)) func panelsOfARowAreAlike(_ name: String) throws {
    let scene = try scene(name)
    for frame in scene.frames {
      #expect(abs(frame.width - scene.frames[0].width) < 0.01)
      #expect(abs(frame.height - scene.frames[0].height) < 0.01)
    }
  }

  @Test(arguments: Samples.all.map(\.name)) func theLegendCoversNoData(_ name: String) throws {
    let scene = try scene(name)
    guard let legend = scene.legend else { return }
    for (frame, occupancy) in zip(scene.frames, scene.occupancies) where frame.intersects(legend) {
      #expect(occupancy.coverage(of: legend) == 0)
    }
  }

  @Test func tickLabelsStandOutsideTheAxes() throws {
    let scene = try FigureLayout.scene(of: Samples.cloning)
    for text in scene.texts where [.xTick, .yTick, .axisLabel].contains(text.role) {
      for frame in scene.frames { #expect(!frame.intersects(text.box)) }
    }
    #expect(scene.texts.contains { $0.role == .footer })
  }

  private func scene(_ name: String) throws -> Scene {
    try FigureLayout.scene(of: try #require(Samples.all.first { $0.name == name }).figure)
  }
}
