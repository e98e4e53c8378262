import ContentStore

extension RunFamily {
  /// Where a block says what a run has at a key: in the run, in one that it starts from, or for all runs.
  ///
  /// - Parameter body: the block that the runs are of.
  func place(of key: [String], ofRun name: String, in body: [String: JSONValue]) -> [String] {
    guard let index = runs.firstIndex(where: { $0.name == name }), case .array(let written)? = body["runs"],
      written.indices.contains(index)
    else { return key }
    let own = key.reduce(Optional(written[index])) { $0?[$1] }
    if own != nil { return ["runs", "\(index)"] + key }
    guard let from = runs[index].from else { return key }
    return place(of: key, ofRun: from, in: body)
  }
}
