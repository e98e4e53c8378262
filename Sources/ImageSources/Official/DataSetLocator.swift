import PreparedImages

/// Which data an experiment uses.
public enum DataSetChoice: String, CaseIterable, Codable, Sendable {
  /// The official data; an error if it is not there.
  case real
  /// The built-in procedural set.
  case synthetic
  /// The official data if it is there, else the synthetic set.
  case auto
}

/// Finds the official files of data sets in one folder.
public struct DataSetLocator: Sendable {
  public let dataFolder: String

  public init(dataFolder: String = "data") {
    self.dataFolder = dataFolder
  }

  /// The official folder, else the official archive, else nil. A folder that was unpacked in part does not hide the
  /// archive beside it.
  public func officialSource(of description: DataSetDescription) -> DataSetSource? {
    let folder = join(dataFolder, description.folder)
    let archive = description.archive.map { join(dataFolder, $0.fileName) }.flatMap {
      fileExists($0) ? $0 : nil
    }
    if folderExists(folder),
      archive == nil || description.format.seemsWhole(folder, shape: description.shape)
    {
      return DataSetSource(description: description, origin: .folder(folder))
    }
    return archive.map { DataSetSource(description: description, origin: .archive($0)) }
  }

  /// What `choice` means with the data folder as it is now.
  ///
  /// - Parameter recipe: the synthetic set to use where one is used; the description's stand-in if nil.
  /// - Throws: ``DataSetError/unknownDataSet(name:known:)``, and
  ///   ``DataSetError/absent(title:dataFolder:folder:release:)`` if real data is demanded and not there.
  public func source(
    of name: String, choice: DataSetChoice, recipe: SyntheticRecipe? = nil
  ) throws -> DataSetSource {
    let description = try DataSetDescription.named(name)
    if choice != .synthetic, let official = officialSource(of: description) { return official }
    guard choice != .real else {
      throw DataSetError.absent(
        title: description.title, dataFolder: dataFolder, folder: description.folder,
        release: description.release)
    }
    return DataSetSource(
      description: description, origin: .synthetic(recipe ?? SyntheticRecipe(standingInFor: description)))
  }
}
