import Activations

extension ScalarActivation {
  /// The activation of this name.
  ///
  /// - Throws: ``RankTheoryError/unknownActivation(name:known:)``.
  public static func named(_ name: String) throws(RankTheoryError) -> ScalarActivation {
    guard let activation = all.first(where: { $0.name == name }) else {
      throw .unknownActivation(name: name, known: all.map(\.name))
    }
    return activation
  }
}
