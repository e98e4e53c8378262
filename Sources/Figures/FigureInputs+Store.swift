import ContentStore

extension FigureInputs {
  /// The tables that a job of `plot` or `judge` reads: each input's name leads to its entry.
  ///
  /// - Throws: `StoreError` for an entry that is damaged; ``MissingTable`` for one that is not in the store.
  public convenience init(panels: [PanelSpecification], of inputs: [JobInput], in store: Store) throws {
    let entries = try Dictionary(
      inputs.map { input in
        guard let entry = try store.arrivingEntry(stage: input.stage, key: input.key) else {
          throw MissingTable(name: input.name, stage: input.stage, key: input.key)
        }
        return (input.name, entry)
      }, uniquingKeysWith: { first, _ in first })
    try self.init(panels: panels, names: inputs.map(\.name)) { name, file in
      guard let entry = entries[name], entry.manifest.files[file] != nil else { return nil }
      return try entry.path(of: file)
    }
  }
}

/// A table that a figure needs is not in the store.
public struct MissingTable: Error, Equatable, CustomStringConvertible {
  public let name: String
  public let stage: String
  public let key: String

  public init(name: String, stage: String, key: String) {
    self.name = name
    self.stage = stage
    self.key = key
  }

  public var description: String {
    "the table '\(name)' (\(stage) \(key.prefix(12))…) is not in the store; run 'make', which makes it first"
  }
}
