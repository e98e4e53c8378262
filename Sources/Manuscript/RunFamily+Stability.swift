import ContentStore

extension RunFamily {
  /// The architectures whose clones can be examined: `examine` rebuilds the network of a snapshot as one of these.
  private static let examinable: Set<String> = ["mlp"]

  /// Throws unless every run's network can be examined, before one of them is trained.
  ///
  /// - Parameter body: the block that the runs are of.
  func requireExaminable(in body: [String: JSONValue]) throws {
    for (index, run) in runs.enumerated() {
      let architecture = run.specification.model.architecture
      guard !Self.examinable.contains(architecture) else { continue }
      throw BlockProblem(
        path: place(ofArchitectureOf: index, in: body),
        message: "is '\(architecture)'; stability can be examined of "
          + Self.examinable.sorted().joined(separator: ", "))
    }
  }

  /// Where the block says what network a run has: in the run, in one that it starts from, or for all runs.
  private func place(ofArchitectureOf index: Int, in body: [String: JSONValue]) -> [String] {
    let key = ["model", "architecture"]
    guard case .array(let written)? = body["runs"], written.indices.contains(index) else { return key }
    if written[index]["model"]?["architecture"] != nil { return ["runs", "\(index)"] + key }
    guard let from = runs[index].from, let parent = runs.firstIndex(where: { $0.name == from }) else {
      return key
    }
    return place(ofArchitectureOf: parent, in: body)
  }
}
