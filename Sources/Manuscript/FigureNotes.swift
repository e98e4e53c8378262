/// What a reader must know before comparing a figure with the paper's.
public struct FigureNotes: Hashable, Sendable {
  /// Profile, data, seeds and what stands for their spread.
  public let footer: String
  /// Says in the figure's corner that it is not of the paper's scale; nil where it is, or where no profile
  /// changes anything.
  public let corner: String?

  public init(_ record: FigureRecord, data: FigureData) {
    guard !record.seeds.isEmpty else {
      footer = "\(record.artifact) · computed without training: the same in every profile"
      corner = nil
      return
    }
    let profile = "\(record.profile.rawValue) profile"
    corner = record.profile == .paper ? nil : profile
    footer =
      "\(record.artifact) · \(profile) · \(Self.sources(of: record)) · \(Self.seeds(record.seeds))"
      + Self.spread(of: data, seeds: record.seeds.count)
  }

  /// The synthetic set's title says that it is one.
  private static func sources(of record: FigureRecord) -> String {
    guard !record.dataSets.isEmpty else { return "generated stream" }
    return record.dataSets.map { $0.synthetic ? $0.title : "\($0.title) (real images)" }
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
