/// What `prepare` makes: a data set in the pipeline's own form.
public struct PreparationSpecification: Codable, Hashable, Sendable {
  /// `cifar-10`.
  public var set: String
  /// True for the built-in stand-in.
  public var synthetic: Bool
  /// The SHA-256 of the official files, or of the synthetic set's recipe.
  public var digest: String
  /// Each square of so many pixels on a side becomes one; absent for images as they are.
  public var downsample: Int?

  /// The images that are looked at; all if absent.
  public var selection: ImageSelection?

  public init(
    set: String, synthetic: Bool, digest: String, downsample: Int? = nil, selection: ImageSelection? = nil
  ) {
    self.set = set
    self.synthetic = synthetic
    self.digest = digest
    self.downsample = downsample
    self.selection = selection
  }
}
