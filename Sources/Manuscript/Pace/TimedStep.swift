import ContentStore
import Foundation
import Specifications

/// How long a step of a network took, with random images: what is kept of it in the store.
public struct TimedStep: Codable, Equatable, Sendable {
  /// The kind of run in words, for people.
  public var what: String
  /// Images of a step as it was timed: fewer than runs take where theirs would take long.
  public var images: Int
  /// Of one core at work, forward and backward through the images, the median of some steps: it grows with the images.
  public var passSeconds: Double
  /// The same of the optimiser's update, which takes as long however many images there are.
  public var updateSeconds: Double
  /// How many were timed.
  public var steps: Int
  /// Floating-point operations of the step with those images, by the plan's estimate.
  public var operations: Double
  /// Where and when, ISO 8601 in UTC.
  public var host: String
  public var created: String

  public init(
    what: String, images: Int, passSeconds: Double, updateSeconds: Double, steps: Int, operations: Double,
    host: String, created: String
  ) {
    self.what = what
    self.images = images
    self.passSeconds = passSeconds
    self.updateSeconds = updateSeconds
    self.steps = steps
    self.operations = operations
    self.host = host
    self.created = created
  }

  /// How long a step of so many images takes.
  func seconds(batchSize: Int) -> Double {
    passSeconds * Double(batchSize) / Double(images) + updateSeconds
  }

  /// Operations a second in steps of so many images.
  func rate(batchSize: Int) -> Double {
    operations * Double(batchSize) / Double(images) / seconds(batchSize: batchSize)
  }

  /// Rejects what no timing gives, naming the key.
  func validate() throws(SpecificationProblem) {
    let numbers = [
      ("passSeconds", passSeconds), ("updateSeconds", updateSeconds), ("operations", operations),
    ]
    for (key, value) in numbers
    where !(value > 0 && value.isFinite && (operations / (passSeconds + updateSeconds)).isNormal) {
      throw SpecificationProblem(key, "must be positive")
    }
    try require(images, in: 1...65_536, "images")
    try require(steps, in: 1...1_000_000, "steps")
  }
}

/// The steps that were timed, in the folder `steps` of a store: a file for each network, batch size and environment. They
/// are notes and no entries: nothing depends on them, verifying and pruning leave them alone, and they are not published.
public struct TimedSteps: Sendable {
  private let folder: String
  private var steps: [StepKind: TimedStep] = [:]
  private var sizes: [String: [Int]] = [:]

  /// Those that a store holds. A file that cannot be read, or that tells of no step, counts as none: it will be timed again.
  public init(_ store: Store) {
    folder = store.root + "/steps"
    for name in (try? FileSystem.names(in: folder)) ?? [] {
      guard name.hasSuffix(".json"), let kind = StepKind(word: name.dropLast(".json".count)),
        (try? FileSystem.status("\(folder)/\(name)"))??.isFile == true,
        let data = FileHandle(forReadingAtPath: "\(folder)/\(name)").flatMap({
          try? $0.read(upToCount: Self.greatestFile)
        }),
        let step = try? JSONDecoder().decode(TimedStep.self, from: data), (try? step.validate()) != nil
      else { continue }
      remember(step, of: kind)
    }
  }

  private static let greatestFile = 1 << 16

  private mutating func remember(_ step: TimedStep, of kind: StepKind) {
    if steps.updateValue(step, forKey: kind) == nil {
      sizes[kind.network, default: []].append(kind.batchSize)
    }
  }

  /// A step of just this kind.
  subscript(_ kind: StepKind) -> TimedStep? { steps[kind] }

  /// One of the same network at the nearest batch size.
  func nearest(_ kind: StepKind) -> TimedStep? {
    kind.nearest(of: sizes[kind.network] ?? []).flatMap {
      steps[StepKind(network: kind.network, batchSize: $0)]
    }
  }

  /// Keeps a step; in a store that cannot be written, for this process alone.
  ///
  /// - Throws: `FileSystemError`.
  public mutating func keep(_ step: TimedStep, of kind: StepKind) throws {
    remember(step, of: kind)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(step) + Data("\n".utf8)
    try FileSystem.whereWritable {
      try FileSystem.createFolder(folder)
      try FileSystem.write(data, atomicallyTo: "\(folder)/\(kind.word).json")
    }
  }
}
