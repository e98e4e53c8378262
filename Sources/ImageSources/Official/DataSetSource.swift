import PreparedImages

/// Where a data set comes from: official files that were found, or a recipe.
public struct DataSetSource: Sendable {
  public enum Origin: Hashable, Sendable {
    /// A path to the official folder.
    case folder(String)
    /// A path to the official archive.
    case archive(String)
    case synthetic(SyntheticRecipe)
  }

  public let description: DataSetDescription
  public let origin: Origin

  public init(description: DataSetDescription, origin: Origin) {
    self.description = description
    self.origin = origin
  }

  public var isSynthetic: Bool {
    if case .synthetic = origin { true } else { false }
  }

  /// A digest of all that is read: of each file's name, size and bytes for a folder, of the archive's bytes for
  /// an archive, of the recipe for the synthetic set. SHA-256, lowercase hexadecimal.
  ///
  /// Folder and archive of the same data have different source digests but prepare to the same content.
  public func contentDigest() throws -> String {
    let digest = try MessageDigest(.sha256)
    switch origin {
    case .folder(let path):
      for name in try description.format.memberNames(inFolder: path) {
        let location = join(path, name)
        guard fileExists(location) else { throw DataSetError.missingMember(source: path, member: name) }
        let file = try InputFile(location)
        digest.update("\(name) \(file.byteCount)\n")
        try digest.update(file)
      }
    case .archive(let path): try digest.update(fileAt: path)
    case .synthetic(let recipe): digest.update(recipe.identity)
    }
    return digest.finish()
  }

  /// Writes the set in its prepared form: `images.bin`, `labels.bin` and, last, `dataset.json`.
  ///
  /// - Parameters:
  ///   - folder: exists and belongs to the caller, who throws it away if this throws.
  ///   - downsampling: makes the images smaller.
  ///   - selection: the images that are needed.
  ///   - sourceDigest: ``contentDigest()``, if it is known already.
  ///   - progress: called with the fraction done, 0...1; what it throws ends the work.
  /// - Throws: ``DataSetError``, naming the file and what is wrong with it.
  public func prepare(
    into folder: String, downsampling: Downsampling = Downsampling(factor: 1),
    selection: ImageSelection = ImageSelection(), sourceDigest: String? = nil,
    progress: (Double) throws -> Void = { _ in }
  ) throws {
    let sourceDigest = try sourceDigest ?? contentDigest()
    let makeWriter = { (shape: ImageShape, classes: Int, training: Int, validation: Int) in
      try PreparedDataSetWriter(
        folder: folder, shape: shape, classCount: classes, trainingCount: training,
        validationCount: validation, downsampling: downsampling)
    }
    let writer: PreparedDataSetWriter
    let classNames: [String]
    switch origin {
    case .folder(let path):
      (writer, classNames) = try convert(FolderMembers(path: path), selection, makeWriter, progress)
    case .archive(let path):
      try checkPublishedDigest(of: path)
      (writer, classNames) = try convert(ArchiveMembers(path: path), selection, makeWriter, progress)
    case .synthetic(let recipe):
      let generator = SyntheticGenerator(recipe: recipe, selection: selection)
      writer = try makeWriter(
        recipe.shape, recipe.classCount, generator.trainingCount, generator.validationCount)
      try generator.write(to: writer, progress: progress)
      classNames = recipe.classNames
    }
    try writer.finish(
      name: description.name, title: description.title, mean: description.mean,
      standardDeviation: description.standardDeviation, synthetic: isSynthetic, classNames: classNames,
      sourceDigest: sourceDigest)
    try progress(1)
  }

  /// libarchive does not notice every flipped byte: an archive of the published size must be the published one.
  private func checkPublishedDigest(of path: String) throws {
    guard let archive = description.archive, try InputFile(path).byteCount == archive.byteCount else {
      return
    }
    let digest = try MessageDigest(.md5)
    try digest.update(fileAt: path)
    let found = digest.finish()
    guard found == archive.md5 else {
      throw DataSetError.damagedArchive(
        file: path, reason: "MD5 \(found) instead of the published \(archive.md5)")
    }
  }

  private func convert(
    _ members: any MemberCollection, _ selection: ImageSelection,
    _ makeWriter: (ImageShape, Int, Int, Int) throws -> PreparedDataSetWriter,
    _ progress: (Double) throws -> Void
  ) throws -> (PreparedDataSetWriter, [String]) {
    let (shape, classCount) = (description.shape, description.classCount)
    let result = try description.format.convert(
      members, shape: shape, classCount: classCount, selection: selection,
      makeWriter: { try makeWriter(shape, classCount, $0, $1) }, progress: progress)
    return (result.writer, result.classNames)
  }
}
