/// One line of a legend.
struct LegendEntry: Hashable {
  enum Sample: Hashable {
    case line(Series.Weight)
    case bar
    /// - isToned: whether dots have the colours of numbers.
    case dot(radius: Double?, isToned: Bool)
    case errorBar(Series.Weight)
  }

  var label: String
  var style: Style
  var sample: Sample
  var hasBand: Bool

  init?(_ series: Series) {
    guard let label = series.label, !label.isEmpty else { return nil }
    self.label = label
    style = series.style
    sample = series.legendSample
    hasBand = series.hasBand
  }

  /// Series with equal label and look appear once, in the order of first appearance.
  static func entries(of panels: [Panel]) -> [LegendEntry] {
    var result: [LegendEntry] = []
    for entry in panels.flatMap(\.series).compactMap(LegendEntry.init) {
      if let known = result.firstIndex(where: { $0.isOne(with: entry) }) {
        result[known].join(entry)
      } else {
        result.append(entry)
      }
    }
    return result
  }

  /// Whether the two tell of one thing: in one look, or as a line here and as single points with whiskers there.
  private func isOne(with other: LegendEntry) -> Bool {
    guard label == other.label else { return false }
    if style == other.style, sample == other.sample { return true }
    var (plain, otherPlain) = (style, other.style)
    plain.symbol = nil
    otherPlain.symbol = nil
    switch (sample, other.sample) {
    case (.line, .errorBar), (.errorBar, .line): return plain == otherPlain
    case (.line(let weight), .line(let otherWeight)):
      return weight == otherWeight && plain == otherPlain
        && (style.symbol == nil || other.style.symbol == nil)
    // A network that is silent has dots without numbers.
    case (.dot(let radius, _), .dot(let otherRadius, _)): return style == other.style && radius == otherRadius
    default: return false
    }
  }

  /// Whether two entries that look the same mean different things.
  static func areAmbiguous(_ entries: [LegendEntry]) -> Bool {
    struct Look: Hashable {
      var style: Style
      var sample: Sample
    }
    return Set(entries.map { Look(style: $0.style, sample: $0.sample) }).count < entries.count
  }

  /// Takes in what the other shows: a line with the symbol of its points.
  private mutating func join(_ other: LegendEntry) {
    hasBand = hasBand || other.hasBand
    switch other.sample {
    case .line, .dot(_, isToned: true): sample = other.sample
    default: break
    }
    style.symbol = style.symbol ?? other.style.symbol
  }
}

extension Series {
  fileprivate var legendSample: LegendEntry.Sample {
    switch kind {
    case .line, .step: .line(weight)
    case .scatter(let dots): .dot(radius: dotRadius, isToned: dots.contains { $0.tone != nil })
    case .bars, .heatMap: .bar
    case .errorBars: .errorBar(weight)
    }
  }

  fileprivate var hasBand: Bool {
    switch kind {
    case .line(_, let band), .step(_, let band): band != nil
    case .scatter, .bars, .errorBars, .heatMap: false
    }
  }
}
