/// How many images of a data set somebody looks at, so that the others need not be prepared. More may be there: what is
/// not found without reading everything is not left out.
public struct ImageSelection: Codable, Hashable, Sendable {
  /// The first so many training images; all if nil.
  public var training: Int?
  /// The first so many validation images; all if nil.
  public var validation: Int?
  /// Of each class the first so many training images; all if nil.
  public var perClass: Int?

  public init(training: Int? = nil, validation: Int? = nil, perClass: Int? = nil) {
    self.training = training
    self.validation = validation
    self.perClass = perClass
  }

  /// Whether nothing is left out.
  public var isEverything: Bool { self == ImageSelection() }

  /// The places, among training images with these labels, of those that are looked at.
  package func places(amongTraining labels: [Int]) -> [Int] {
    var taken: [Int: Int] = [:]
    return labels.prefix(training ?? labels.count).indices.filter { place in
      taken[labels[place], default: 0] += 1
      return taken[labels[place], default: 0] <= perClass ?? .max
    }
  }
}
