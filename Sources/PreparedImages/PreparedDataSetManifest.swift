import Foundation

/// The contents of `dataset.json`: what the files beside it mean.
public struct PreparedDataSetManifest: Hashable, Codable, Sendable {
  /// The name in specifications: `cifar-10`.
  public let name: String
  /// The name in figures; it says when the set is synthetic.
  public let title: String
  public let synthetic: Bool
  public let trainingCount: Int
  public let validationCount: Int
  public let shape: ImageShape
  /// A name for every class; their number is the number of classes.
  public let classNames: [String]
  /// Mean of each channel, pixels in 0...1.
  public let mean: [Double]
  /// Standard deviation of each channel, pixels in 0...1.
  public let standardDeviation: [Double]
  /// SHA-256 of what the set was made from (see ``DataSetSource/contentDigest()``).
  public let sourceDigest: String
  /// SHA-256 of `images.bin` followed by `labels.bin`.
  public let contentDigest: String

  /// The bytes of a label: one, or two (little-endian) for more than 256 classes.
  var labelBytes: Int { Self.labelBytes(classCount: classNames.count) }

  static func labelBytes(classCount: Int) -> Int { classCount > 256 ? 2 : 1 }

  /// The name in figures of an official set or of its synthetic stand-in, images made smaller or not.
  public static func title(
    official: String, synthetic: Bool, shape: ImageShape, downsampling: Downsampling
  ) -> String {
    let full = synthetic ? "synthetic stand-in for \(official)" : official
    return downsampling.factor > 1 ? "\(full) at \(shape.height)×\(shape.width) pixels" : full
  }

  /// Reads and checks the manifest. Throws ``DataSetError`` naming the field that is wrong.
  static func read(_ path: String) throws -> PreparedDataSetManifest {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ImageFileError.cannotRead(file: path, reason: fileExists(path) ? systemReason() : "no such file")
    }
    let manifest: PreparedDataSetManifest
    do {
      manifest = try JSONDecoder().decode(PreparedDataSetManifest.self, from: data)
    } catch let error as DecodingError {
      if case .dataCorrupted = error, let field = fieldThatIsNoWholeNumber(data) {
        throw ImageFileError.wrongField(file: path, field: field, reason: "must be a whole number")
      }
      throw error.wrongField(in: path)
    }
    try manifest.check(path)
    return manifest
  }

  /// The decoder takes a fraction in place of an integer for a mistake in the JSON and does not say where.
  private static func fieldThatIsNoWholeNumber(_ data: Data) -> String? {
    guard let object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] else { return nil }
    func isFraction(_ value: Any?) -> Bool {
      (value as? NSNumber).map { Int(exactly: $0.doubleValue) == nil } ?? false
    }
    let shape = object["shape"] as? [String: Any] ?? [:]
    return ["trainingCount", "validationCount"].first { isFraction(object[$0]) }
      ?? ["channels", "height", "width"].first { isFraction(shape[$0]) }.map { "shape." + $0 }
  }

  private func check(_ path: String) throws {
    func require(_ condition: Bool, _ field: String, _ reason: String) throws {
      guard condition else { throw ImageFileError.wrongField(file: path, field: field, reason: reason) }
    }
    let sizes = [shape.channels, shape.height, shape.width]
    try require(sizes.allSatisfy { (1...4096).contains($0) }, "shape", "sizes must be 1 to 4096")
    let counts = 0...Int(Int32.max)
    try require(counts.contains(trainingCount), "trainingCount", "must be 0 to \(Int32.max)")
    try require(counts.contains(validationCount), "validationCount", "must be 0 to \(Int32.max)")
    let images = (trainingCount + validationCount).multipliedReportingOverflow(by: shape.count)
    try require(!images.overflow, "shape", "more pixels in all images than a file can hold")
    try require((1...65_536).contains(classNames.count), "classNames", "must be 1 to 65,536 names")
    try require(mean.count == shape.channels, "mean", "must have a value for each channel")
    try require(
      standardDeviation.count == shape.channels && standardDeviation.allSatisfy { $0 > 0 },
      "standardDeviation", "must have a positive value for each channel")
  }

  func write(_ path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    do {
      try encoder.encode(self).write(to: URL(fileURLWithPath: path))
    } catch {
      throw ImageFileError.cannotWrite(file: path, reason: error.localizedDescription)
    }
  }
}

extension DecodingError {
  /// The same in our words: which field, and why.
  fileprivate func wrongField(in file: String) -> ImageFileError {
    func dotted(_ path: [any CodingKey]) -> String { path.map(\.stringValue).joined(separator: ".") }
    switch self {
    case .keyNotFound(let key, let context):
      return .wrongField(file: file, field: dotted(context.codingPath + [key]), reason: "is missing")
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return .wrongField(file: file, field: dotted(context.codingPath), reason: "has the wrong type")
    case .dataCorrupted(let context):
      let field = dotted(context.codingPath)
      return .wrongField(
        file: file, field: field, reason: field.isEmpty ? "the file is no JSON" : context.debugDescription)
    @unknown default:
      return .wrongField(file: file, field: "", reason: "cannot be decoded")
    }
  }
}
