import ContentStore
import Experiments
import Specifications
import Tables

/// Learners that follow a drifting target: a run for each method, width and seed.
///
/// Method `m` at width w becomes the table `m-w`, averaged over seeds.
public struct BitFlippingFamily: ExperimentFamily {
  public let name = "bit-flipping"
  public let module = "BitFlipping"

  public init() {}

  private struct Body: Codable {
    var stream: StreamSpecification
    var activation: HiddenActivation
    var widths: [Int]
    var readings: ReadingSpecification
  }

  public func plan(_ block: ExperimentBlock) throws -> ExperimentPlan {
    var members = block.body
    guard case .object(let methods)? = members.removeValue(forKey: "methods"), !methods.isEmpty else {
      throw BlockProblem(path: ["methods"], message: "is missing or no object of methods by name")
    }
    let body = try JSONValue.object(members).decodedStrictly(as: Body.self, at: [])
    guard !block.seeds.isEmpty else { throw BlockProblem(path: ["seeds"], message: "is missing") }
    for (key, count) in [("widths", body.widths.count), ("methods", methods.count)]
    where !(1...1_000).contains(count) {
      throw BlockProblem(path: [key], message: "has \(count) elements; there must be 1…1000")
    }
    let runs = try methods.sorted { $0.key < $1.key }.flatMap { name, values in
      try self.runs(of: name, values, body)
    }
    let (count, overflow) = runs.count.multipliedReportingOverflow(by: block.seeds.count)
    guard !overflow, count <= 50_000 else {
      throw BlockProblem(
        path: ["methods"],
        message: "make more than 50000 runs, with their widths and \(block.seeds.count) seeds")
    }
    return .tables(
      try runs.flatMap { run in
        try block.seeds.map { seed in
          var specification = run.specification
          specification.seed = seed
          return ExperimentTable(
            name: run.name, seed: seed, parameters: try JSONValue(encoding: specification),
            cost: specification.cost)
        }
      })
  }

  /// A method at each of its widths: the block's, unless it has its own.
  private func runs(
    of name: String, _ values: JSONValue, _ body: Body
  ) throws -> [(name: String, specification: BitFlippingSpecification)] {
    struct OwnWidths: Codable { var widths: [Int]? }
    let path = ["methods", name]
    guard case .object(var members) = values else {
      throw BlockProblem(path: path, message: "must be an object in braces")
    }
    guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" }) else {
      throw BlockProblem(path: path, message: "must have a name of letters, digits and '-'")
    }
    let own = try JSONValue.object(["widths": members.removeValue(forKey: "widths") ?? .null])
      .decodedStrictly(as: OwnWidths.self, at: path).widths
    if let own, !(1...1_000).contains(own.count) {
      throw BlockProblem(
        path: path + ["widths"], message: "has \(own.count) elements; there must be 1…1000")
    }
    let method = try JSONValue.object(members).decodedStrictly(as: LearningMethod.self, at: path)
    return try (own ?? body.widths).map { width in
      let specification = BitFlippingSpecification(
        seed: 0, stream: body.stream, width: width, activation: body.activation, method: method,
        readings: body.readings)
      do { try specification.validate() } catch let error as SpecificationProblem {
        throw BlockProblem(
          path: place(of: error.keys, inMethodAt: path, own: own != nil), message: error.message)
      }
      return ("\(name)-\(width)", specification)
    }
  }

  /// Where a block says what a run's specification has at `key`.
  private func place(of key: [String], inMethodAt path: [String], own: Bool) -> [String] {
    switch key.first {
    case "method": path + key.dropFirst()
    case "width": own ? path + ["widths"] : ["widths"]
    default: key
    }
  }

  public func compute(
    _ parameters: JSONValue, on subject: ExperimentSubject?, report: (Double, String) throws -> Void
  ) throws -> Table {
    let specification = try parameters.decoded(as: BitFlippingSpecification.self)
    try specification.validate()
    let examples = specification.stream.examples
    return try BitFlippingTable.compute(specification) { done in
      try report(Double(done) / Double(examples), "example \(done)/\(examples)")
    }
  }

  public func setup(_ parameters: [JSONValue]) throws -> ExperimentSetup? {
    let runs = try parameters.map { try $0.decoded(as: BitFlippingSpecification.self) }
    guard let first = runs.first else { return nil }
    let widths = Set(runs.map(\.width)).sorted()
    return ExperimentSetup(
      network: "online learner",
      sizes: "one hidden layer of \(widths.map(String.init).joined(separator: ", "))",
      parameters: Self.parameters(inputs: first.stream.bits, width: widths[0]), normalization: "none",
      data: "\(first.stream.bits) bits, \(first.stream.flippingBits) of them flipping",
      optimizer: Set(runs.map(\.method.inWords)).sorted().joined(separator: "; ")
        + ", one example a step",
      length: first.stream.examples, unit: "examples")
  }

  /// Two linear layers with biases; besides its bits, a learner sees a constant.
  private static func parameters(inputs: Int, width: Int) -> Int { (inputs + 2) * width + width + 1 }
}

extension LearningMethod {
  /// Kind, rate and what is added to them.
  fileprivate var inWords: String {
    var text = "\((optimizer ?? .gradientDescent) == .adam ? "Adam" : "SGD") \(learningRate)"
    if let weightDecay, weightDecay > 0 { text += " + weight decay \(weightDecay)" }
    if let dropout, dropout > 0 { text += " + dropout \(dropout)" }
    if perturbation != nil { text += " + shrink and perturb" }
    if continualBackpropagation != nil { text += " + continual backpropagation" }
    return text
  }
}
