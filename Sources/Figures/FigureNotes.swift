/// What a reader must know before comparing a figure with the paper's.
public struct FigureNotes: Hashable, Sendable {
  /// Profile, data, seeds and what stands for their spread.
  public let footer: String
  /// Says in the figure's corner that it is not of the paper's scale, where it is not, and whose results it shows, where
  /// they were not made here; nil where neither needs to be said.
  public let corner: String?

  /// How many of the paper's curves are drawn as lines, of those that there are.
  public struct PublishedLines: Hashable, Sendable {
    public var shown: Int
    public var count: Int

    public init(shown: Int, count: Int) {
      self.shown = shown
      self.count = count
    }
  }

  public init(_ drawing: DrawingSpecification, data: FigureData, lines: PublishedLines) {
    guard !drawing.seeds.isEmpty else {
      footer = "\(drawing.artifact) · computed without training: the same in every profile"
      corner = drawing.provenance
      return
    }
    let profile = "\(drawing.profile.rawValue) profile"
    // The paper's scale needs no word where the results are ours.
    let isPlain = drawing.profile == .paper && drawing.provenance == nil
    corner = isPlain ? nil : [profile, drawing.provenance].compactMap { $0 }.joined(separator: ", ")
    footer =
      "\(drawing.artifact) · \(profile) · \(Self.sources(of: drawing)) · \(Self.seeds(drawing.seeds))"
      + Self.spread(of: data, seeds: drawing.seeds.count)
      + (drawing.published.isEmpty ? "" : " · " + Self.original(in: drawing, lines: lines))
  }

  /// How the paper's curves look, beside lines and beside bars, and how many there are to see.
  private static func original(in drawing: DrawingSpecification, lines: PublishedLines) -> String {
    let hasStrokes = drawing.published.contains { curve in
      drawing.panels.contains { panel in
        panel.series.contains { "\(panel.id).\($0.id)" == curve.name && $0.style.bars == true }
      }
    }
    let looks = (lines.shown > 0 ? ["pale lines"] : []) + (hasStrokes ? ["strokes across bars"] : [])
    let own = looks.isEmpty ? [] : [looks.joined(separator: " and ") + ": the paper's own"]
    guard lines.shown < lines.count else { return own.joined() }
    let companion = DrawingSpecification.companionName(of: drawing.artifact)
    let range = "\(lines.shown) of its \(lines.count) curves in range, all in \(companion)"
    return (own + [own.isEmpty ? "the paper: \(range)" : range]).joined(separator: ", ")
  }

  /// The synthetic set's title says that it is one.
  private static func sources(of drawing: DrawingSpecification) -> String {
    guard !drawing.dataSets.isEmpty else { return "generated stream" }
    return drawing.dataSets.map { $0.synthetic ? $0.title : "\($0.title) (real images)" }
      .joined(separator: ", ")
  }

  private static func seeds(_ seeds: [UInt64]) -> String {
    guard seeds.count > 1 else { return "seed \(seeds[0])" }
    return "\(seeds.count) seeds (\(seeds[0])–\(seeds[seeds.count - 1]))"
  }

  private static func spread(of data: FigureData, seeds: Int) -> String {
    let drawn = Set(data.curves.compactMap(\.spread))
    guard let one = drawn.first else { return "" }
    let name =
      switch one {
      case _ where drawn.count > 1: "intervals"
      case .band: "bands"
      case .errorBars: "error bars"
      }
    return ", \(name): " + (seeds > 2 ? "95 % confidence of the mean" : "both values")
  }
}
