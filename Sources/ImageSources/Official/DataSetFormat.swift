import PreparedImages

/// An official file format: which files it consists of and how they become images and labels.
protocol DataSetFormat: Sendable {
  /// The files of a folder that are read, relative to it, in the order in which its digest takes them.
  ///
  /// Files that the format requires are among them, whether they are there or not.
  func memberNames(inFolder folder: String) throws -> [String]

  /// Whether a folder seems to hold all that the format requires, by names, counts and sizes: unpacking that was broken
  /// off leaves less. Quick, and no promise.
  func seemsWhole(_ folder: String, shape: ImageShape) -> Bool

  /// Brings the selected images, or more, into the prepared form.
  ///
  /// Opens it by `makeWriter` once the counts are known, and writes the images into it.
  ///
  /// Returns the class names; throws ``DataSetError`` for anything that is not as the format says.
  func convert(
    _ members: any MemberCollection, shape: ImageShape, classCount: Int, selection: ImageSelection,
    makeWriter: (_ trainingCount: Int, _ validationCount: Int) throws -> PreparedDataSetWriter,
    progress: (Double) throws -> Void
  ) throws -> (writer: PreparedDataSetWriter, classNames: [String])
}
