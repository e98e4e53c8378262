import BitFlipping
import Console
import Manuscript
import NeuralNetwork
import Training

/// What networks are trained on which data and how, for each profile: read off the plans, so that it says what runs.
enum SetupTable {
  /// Runs that share a network's kind, its data and how long it learns.
  private struct Group {
    var artifacts: [String] = []
    var networks: [String] = []
    var parameters: Set<Int> = []
    var normalizations: Set<String> = []
    var dropouts: Set<Double> = []
    var optimizers = Optimizers()
    var seeds: Set<UInt64> = []
    var lengths: Set<Int> = []
    var runs: Set<String> = []

    mutating func add(
      _ run: TrainingSpecification, key: String, of artifact: String, images: PlannedDataSource
    ) {
      if !artifacts.contains(artifact) { artifacts.append(artifact) }
      let sizes = run.model.sizesInWords
      if !networks.contains(sizes) {
        networks.append(sizes)
        let layers = run.model.network(for: images.shape, classes: images.classes).makeLayers(of: Float.self)
        parameters.insert(layers.flatMap { $0.parameters }.map { $0.count }.reduce(0, +))
      }
      normalizations.insert(run.model.normalization + (run.model.affine == false ? " without affine" : ""))
      dropouts.insert(run.model.dropout)
      optimizers.insert(run.optimizer)
      seeds.insert(run.seed)
      lengths.insert(run.tasks?.epochs ?? run.epochs)
      runs.insert(key)
    }
  }

  /// What tells groups apart, in the order of the table.
  private struct Key: Hashable {
    let profile: Profile
    let architecture: String
    let data: String
    let batch: Int
    let tasks: String
  }

  static func content(
    plan: (Profile) throws -> Plan, source: (String) throws -> PlannedDataSource
  ) throws -> (columns: [ReportTable.Column], rows: [[ReportTable.Cell]]) {
    var order: [Key] = []
    var groups: [Key: Group] = [:]
    for profile in Profile.allCases {
      for artifact in try plan(profile).artifacts {
        for job in artifact.jobs where job.job.stage == Stage.train.rawValue {
          let run = try job.job.parameters.decoded(as: TrainingSpecification.self)
          let images = try source(run.data.set).downsampled(by: run.data.downsample ?? 1)
          let key = Key(
            profile: profile, architecture: run.model.architecture, data: data(of: run, images: images),
            batch: run.batchSize, tasks: run.tasks?.inWords ?? "")
          if groups[key] == nil { order.append(key) }
          groups[key, default: Group()].add(run, key: job.key, of: artifact.artifact.block.id, images: images)
        }
      }
    }
    let architectures = ["mlp", "cnn", "resnet", "vit"]
    func rank(_ key: Key) -> Int {
      (architectures.firstIndex(of: key.architecture) ?? architectures.count) * 2
        + (key.tasks.isEmpty ? 0 : 1)
    }
    let sorted = order.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
    return (
      [
        .words("Network"), .words("Profile"), .words("Sizes", width: 0.14), .number("Parameters"),
        .words("Normalisation, dropout", width: 0.1), .words("Data", width: 0.13),
        .words("Optimiser", width: 0.14), .words("Length", width: 0.12), .number("Seeds"), .number("Runs"),
        .words("Artifacts", width: 0.12),
      ], try sorted.compactMap { key in groups[key.element].map { row(key.element, $0) } } + streams(plan)
    )
  }

  /// The learners of the bit-flipping stream.
  private static func streams(_ plan: (Profile) throws -> Plan) throws -> [[ReportTable.Cell]] {
    try Profile.allCases.flatMap { profile in
      try plan(profile).artifacts.compactMap { artifact -> [ReportTable.Cell]? in
        let jobs = artifact.jobs.filter { $0.job.stage == Stage.flip.rawValue }
        let runs = try jobs.map { try $0.job.parameters.decoded(as: BitFlippingSpecification.self) }
        guard let first = runs.first else { return nil }
        let widths = Set(runs.map(\.width)).sorted()
        return [
          .words("online learner"), .words(profile.rawValue),
          .words("one hidden layer of \(widths.map(String.init).joined(separator: ", "))"),
          .words(Format.grouped(Self.parameters(inputs: first.stream.bits, width: widths[0]))),
          .words("none"),
          .words("\(first.stream.bits) bits, \(first.stream.flippingBits) of them flipping"),
          .words(Set(runs.map(\.method.inWords)).sorted().joined(separator: "; ") + ", one example a step"),
          .words("\(Format.grouped(first.stream.examples)) examples"), .count(artifact.artifact.seeds.count),
          .count(Set(jobs.map(\.key)).count), .words(artifact.artifact.block.id),
        ]
      }
    }
  }

  /// Two linear layers with biases; besides its bits, a learner sees a constant.
  private static func parameters(inputs: Int, width: Int) -> Int { (inputs + 2) * width + width + 1 }

  private static func row(_ key: Key, _ group: Group) -> [ReportTable.Cell] {
    let names = ["mlp": "MLP", "cnn": "CNN", "resnet": "ResNet", "vit": "ViT"]
    let dropouts = group.dropouts.filter { $0 > 0 }.sorted().map { "\($0)" }
    let lengths = group.lengths.sorted().map(String.init).joined(separator: ", ")
    let length =
      key.tasks.isEmpty ? "\(lengths) epochs a phase" : "\(key.tasks), \(lengths) epochs each"
    return [
      .words(names[key.architecture] ?? key.architecture), .words(key.profile.rawValue),
      .words(group.networks.joined(separator: "; ")),
      .words(group.parameters.min().map { Format.grouped($0) } ?? ""),
      .words(
        group.normalizations.sorted().joined(separator: ", ")
          + (dropouts.isEmpty ? "" : "; dropout \(dropouts.joined(separator: ", "))")),
      .words(key.data), .words(group.optimizers.inWords + ", batch \(key.batch)"),
      .words(length), .count(group.seeds.count), .count(group.runs.count),
      .words(group.artifacts.joined(separator: ", ")),
    ]
  }

  private static func data(of run: TrainingSpecification, images: PlannedDataSource) -> String {
    var parts = [
      "\(run.data.set)\(images.isSynthetic ? " (synthetic)" : ""), \(images.shape.height)×\(images.shape.width)"
    ]
    if let perClass = run.tasks?.imagesPerClass {
      parts.append("\(perClass) images a class")
    } else {
      parts.append("\(Format.grouped(run.data.trainingImages ?? images.trainingImages)) images")
    }
    return parts.joined(separator: ", ")
  }
}

extension TaskSpecification {
  /// "40 tasks of 5 classes", "20 tasks of 5 more classes, 2 passes".
  fileprivate var inWords: String {
    "\(count) tasks of \(classes) \(order == .growing ? "more " : "")classes"
      + (passes.map { $0 > 1 ? ", \($0) passes" : "" } ?? "")
  }
}

extension ModelSpecification {
  /// Such as `5 × 128` or `64, 128, 256 channels, then 512`.
  fileprivate var sizesInWords: String {
    func list(_ values: [Int]) -> String {
      guard values.count > 1, Set(values).count == 1 else {
        return values.map(String.init).joined(separator: ", ")
      }
      return "\(values.count) × \(values[0])"
    }
    // Widening by one fills in the sizes that the paper gives.
    let full = widened(by: 1)
    switch architecture {
    case "cnn": return "\(list(full.channels ?? [])) channels, then \(list(full.hiddenSizes ?? []))"
    case "resnet": return "\(list(full.channels ?? [])) channels, \(list(full.blocks ?? [])) blocks"
    case "vit":
      let (size, head) = (full.embeddingSize ?? 0, full.headWidth ?? 1)
      return "\(full.depth ?? 0) blocks of \(size), \(size / head) heads, patch \(full.patchSize ?? 0)"
    default: return list(hiddenSizes ?? [])
    }
  }
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
