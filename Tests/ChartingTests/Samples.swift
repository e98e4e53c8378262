import Foundation

@testable import Charting

/// Figures of every kind, for tests that must hold whatever is drawn.
enum Samples {
  static let all: [(name: String, figure: Figure)] = [
    ("cloning", cloning), ("bars", bars), ("twin", twin), ("logarithmic", logarithmic), ("crowded", crowded),
    ("extremes", extremes), ("scatter", scatter), ("grid", grid), ("inside", inside),
  ]

  /// Reproducible noise between -1 and 1.
  static func noise(_ index: Int, _ seed: Int = 0) -> Double {
    let value = sin(Double(index) * 12.9898 + Double(seed) * 78.233) * 43758.5453
    return 2 * (value - value.rounded(.down)) - 1
  }

  static func curve(
    from start: Double = 0, to end: Double, count: Int = 120, seed: Int = 0, jitter: Double = 0,
    _ function: (Double) -> Double
  ) -> [Point] {
    (0..<count).map { index in
      let x = start + (end - start) * Double(index) / Double(count - 1)
      return Point(x, function(x) + jitter * noise(index, seed))
    }
  }

  static func band(_ points: [Point], _ width: (Double) -> Double) -> [Interval] {
    points.map { Interval($0.y - width($0.x), $0.y + width($0.x)) }
  }

  static let methods = ["SGD", "noisy SGD", "dropout"]

  static let cloning: Figure = {
    let step = Axis(label: "Step")
    var similarity: [Series] = []
    var losses: [Series] = []
    var ranks: [Series] = []
    for (index, method) in methods.enumerated() {
      let fall = [0.01, 0.5, 0.3][index]
      let rSquared = curve(from: 8_000, to: 82_000, seed: index, jitter: 0.006) {
        1 - fall * (1 - exp(-($0 - 8_000) / 15_000))
      }
      similarity.append(
        Series(
          label: "\(method), clone", style: Style(color: index),
          kind: .line(points: rSquared, band: band(rSquared) { 0.01 + $0 / 82_000 * 0.03 })))
      let base = curve(to: 82_000, seed: index + 3, jitter: 0.015) {
        1.05 + 0.1 * Double(index) + 1.1 * exp(-$0 / 12_000)
      }
      losses.append(
        Series(
          label: "\(method), base", style: Style(color: index, dash: .dotted),
          kind: .line(points: base, band: band(base) { _ in 0.02 })))
      let clone = curve(from: 8_000, to: 82_000, seed: index + 6, jitter: 0.015) {
        0.85 + 0.2 * Double(index) + 0.9 * exp(-$0 / 14_000)
      }
      losses.append(
        Series(
          label: "\(method), clone", style: Style(color: index),
          kind: .line(points: clone, band: band(clone) { _ in 0.03 })))
      let rank = curve(to: 82_000, seed: index + 9, jitter: 0.6) {
        55 + 10 * Double(index) * (1 - exp(-$0 / 20_000))
      }
      ranks.append(
        Series(
          label: "\(method), clone", style: Style(color: index),
          kind: .line(points: rank, band: band(rank) { _ in 1.5 })))
    }
    let cloned = Marker(.vertical, at: 8_000, label: "cloned")
    return Figure(
      panels: [
        Panel(
          title: "Similarity of the copies", xAxis: step, yAxis: Axis(label: "Cloning <i>R</i>²"),
          series: similarity, markers: [cloned]),
        Panel(
          title: "Loss", xAxis: step, yAxis: Axis(label: "Training loss"), series: losses, markers: [cloned]),
        Panel(
          title: "Effective rank", xAxis: step, yAxis: Axis(label: "Effective rank"), series: ranks,
          markers: [cloned]),
      ], columns: 3,
      footer:
        "Profile quick; CIFAR-10, synthetic stand-in (digest 4f0c91…); seeds 40 and 41; bands: standard "
        + "deviation over seeds. A longer footer wraps at the width of the page instead of being clipped.",
      cornerNote: "quick profile",
      metadata: Metadata(
        title: "Cloning & noise", author: "Barriers", subject: "Figure 2.1", keywords: ["cloning", "rank"]))
  }()

  static let bars: Figure = {
    let widths = Axis(label: "Learner width", scale: .categories(["5", "10", "50", "100"]))
    func panel(_ label: String, _ values: [[Double]], spread: Double) -> Panel {
      Panel(
        xAxis: widths, yAxis: Axis(label: label),
        series: ["Backpropagation", "Continual backpropagation"].enumerated().map { index, name in
          Series(
            label: name, style: .slot(index),
            kind: .bars(
              values[index].enumerated().map {
                Series.Bar(
                  group: $0.offset, value: $0.element,
                  error: Interval($0.element - spread, $0.element + spread))
              }))
        })
    }
    return Figure(
      panels: [
        panel("Effective rank", [[2.9, 4.5, 7.3, 7.6], [4.2, 7.0, 9.4, 9.3]], spread: 0.3),
        panel("Duplicate fraction", [[0.01, 0.08, 0.38, 0.53], [0, 0, 0.06, 0.21]], spread: 0.02),
        panel("Loss", [[0.93, 0.85, 0.60, 0.53], [0.46, 0.38, 0.05, 0.10]], spread: 0.04),
      ], columns: 3, footer: "Bit flipping, 5·10<sup>6</sup> examples; error bars: standard deviation.")
  }()

  static let twin: Figure = {
    let loss = curve(to: 5e6, count: 50, jitter: 0.01) { 0.42 + 0.46 * $0 / 5e6 }
    let rank = curve(to: 5e6, count: 50, seed: 1, jitter: 0.04) { 4.0 - 1.1 * $0 / 5e6 }
    let panel = { (title: String) in
      Panel(
        title: title, xAxis: Axis(label: "Example"), yAxis: Axis(label: "Online loss"),
        rightAxis: Axis(label: "Effective rank"),
        series: [
          Series(label: "loss (left)", style: Style(color: 0), kind: .line(points: loss)),
          Series(
            label: "rank (right)", style: Style(color: 1, dash: .dashed, symbol: .square),
            kind: .errorBars(
              points: stride(from: 0, to: 50, by: 5).map { rank[$0] },
              intervals: stride(from: 0, to: 50, by: 5).map { Interval(rank[$0].y - 0.2, rank[$0].y + 0.2) }),
            side: .right),
        ])
    }
    return Figure(
      title: "Two vertical axes", panels: [panel("Backpropagation"), panel("Continual backpropagation")],
      columns: 2, cornerNote: "standard profile", legend: .above)
  }()

  static let logarithmic: Figure = {
    let decay = curve(from: 1, to: 1e5, count: 400) { 3 * pow($0, -1.2) }
    let short = curve(from: 2, to: 9, count: 30) { 20 + 30 * $0 }
    return Figure(
      panels: [
        Panel(
          title: "Many decades", xAxis: Axis(label: "Step <i>t</i>", scale: .logarithmic),
          yAxis: Axis(label: "σ<sub><i>t</i></sub>", scale: .logarithmic),
          series: [Series(label: "decay", style: .slot(0), kind: .line(points: decay))],
          markers: [Marker(.horizontal, at: 1e-4, label: "threshold")]),
        Panel(
          title: "One decade", xAxis: Axis(label: "λ", scale: .logarithmic),
          yAxis: Axis(label: "Width", scale: .logarithmic),
          series: [Series(label: "growth", style: .slot(1), kind: .step(points: short))]),
        Panel(
          title: "A part of a decade", xAxis: Axis(label: "λ", scale: .logarithmic, limits: 3...4),
          yAxis: Axis(label: "Fraction", scale: .logarithmic),
          series: [
            Series(
              label: "growth", style: .slot(1), kind: .line(points: curve(from: 3, to: 4) { 0.01 * $0 }))
          ]),
      ], columns: 3)
  }()

  static let crowded: Figure = {
    let names = [
      "Baseline without normalisation", "Batch normalisation", "Batch normalisation, affine",
      "Layer normalisation", "Layer normalisation, affine", "Dropout with probability 0.1",
      "Continual backpropagation, replacement rate 10<sup>−4</sup>", "Shrink and perturb",
    ]
    let panels = (0..<2).map { panel in
      Panel(
        title: ["Training accuracy of a multi-layer perceptron over forty tasks", "Effective rank"][panel],
        xAxis: Axis(label: "Step"),
        yAxis: Axis(label: ["Online training accuracy averaged over the batches of a task", "Rank"][panel]),
        series: names.enumerated().map { index, name in
          let points = curve(to: 25_000, count: 250, seed: index + panel * 10, jitter: 1.2) {
            90 - Double(index) * 8 - Double(index) * 4 * $0 / 25_000
          }
          return Series(label: name, style: .slot(index), kind: .line(points: points), weight: .thin)
        },
        markers: [
          Marker(.vertical, at: 10_000, label: "collapse"), Marker(.vertical, at: 14_000, label: "recovery"),
        ])
    }
    return Figure(panels: panels, columns: 2, cornerNote: "quick profile")
  }()

  static let extremes: Figure = {
    func panel(_ title: String, _ points: [Point], axis: Axis = Axis(label: "Value")) -> Panel {
      Panel(
        title: title, xAxis: Axis(label: "Step"), yAxis: axis,
        series: [Series(label: nil, style: .slot(0), kind: .line(points: points))])
    }
    var broken = curve(to: 100) { sin($0 / 10) }
    broken[30].y = .nan
    for index in 60..<70 { broken[index].y = .infinity }
    broken[80].y = .nan
    broken[82].y = .nan
    return Figure(
      panels: [
        panel("Huge", curve(to: 3e9) { $0 * 1e4 }),
        panel("Small", curve(to: 1e-5) { $0 * 0.3 }),
        panel("Negative", curve(from: -50_000, to: -100) { $0 / 3 - 700 }),
        panel("Constant", curve(to: 10) { _ in 1 }),
        panel("Zero", curve(to: 10) { _ in 0 }),
        panel("Gaps", broken),
        panel("Close to one", curve(to: 10) { 1 - 1e-4 * $0 }),
        panel("Nothing", []),
        panel("Diverged", curve(to: 300) { exp($0) }),
      ], columns: 3)
  }()

  static let scatter: Figure = Figure(
    panels: (0..<2).map { panel in
      Panel(
        title: ["MLP", "CNN"][panel], xAxis: Axis(label: "Dead fraction"),
        yAxis: Axis(label: "Duplicate fraction"),
        series: methods.enumerated().map { index, method in
          Series(
            label: method,
            style: Style(color: index, symbol: [Style.Symbol.circle, .square, .triangle][index]),
            kind: .scatter(
              (0..<40).map { dot in
                let share = Double(dot) / 39
                return Series.Dot(
                  max(0, share * 0.4 + 0.05 * noise(dot, index)),
                  max(0, share * 0.3 * Double(index) + 0.04 * noise(dot, index + 5)), size: 1 - share,
                  depth: share)
              }))
        }, note: "pale: early; small: inaccurate")
    }, columns: 2)

  static let grid: Figure = Figure(
    panels: (0..<8).map { index in
      let points = curve(to: 25_000, seed: index, jitter: 0.02) { 0.1 + Double(index) * 0.05 + $0 / 5e4 }
      return Panel(
        title: index < 2 ? ["MLP", "CNN"][index] : nil, xAxis: Axis(label: "Step"),
        yAxis: Axis(label: "FC \(index / 2 + 1)"),
        series: [
          Series(
            label: "dead", style: .slot(0), kind: .line(points: points, band: band(points) { _ in 0.05 }))
        ])
    }, columns: 2, axisLabelling: .outerPanels, panelAspect: 0.3)

  static let inside: Figure = Figure(
    width: 3.3,
    panels: [
      Panel(
        xAxis: Axis(label: "Bias"), yAxis: Axis(label: "Decorrelation strength δ", limits: 0...1),
        series: [
          Series(
            label: "ReLU", style: .slot(0), kind: .line(points: curve(from: -3, to: 3) { 1 / (1 + exp($0)) })),
          Series(
            label: "tanh", style: .slot(1),
            kind: .line(points: curve(from: -3, to: 3) { 0.3 / (1 + exp($0)) })),
        ],
        markers: [
          Marker(.vertical, at: 0, label: "no bias"), Marker(.horizontal, at: 0.5, label: "half"),
        ], note: "<i>n</i> = 10<sup>6</sup>")
    ], columns: 1, legend: .inside)
}
