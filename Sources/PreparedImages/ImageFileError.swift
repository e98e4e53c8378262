/// What can be wrong with files of images: those of the prepared form, and any that cannot be read or written.
public enum ImageFileError: Error, Equatable, CustomStringConvertible {
  /// A file ended before the size that was announced for it.
  case truncated(file: String, expected: Int, found: Int)
  /// A record's label is not a class.
  case labelOutOfRange(file: String, record: Int, label: Int, classCount: Int)
  /// A field of `dataset.json` is missing, of the wrong type or contradicts the rest.
  case wrongField(file: String, field: String, reason: String)
  /// The images or labels are not those that `dataset.json` was written for.
  case wrongDigest(folder: String, expected: String, found: String)
  /// The system refused to open or read a file.
  case cannotRead(file: String, reason: String)
  /// The system refused to create or write a file.
  case cannotWrite(file: String, reason: String)
  /// Squares of so many pixels on a side do not fill the images.
  case cannotDownsample(height: Int, width: Int, factor: Int)
  /// libcrypto lacks the digest.
  case cryptographyUnavailable

  public var description: String {
    switch self {
    case .cannotDownsample(let height, let width, let factor):
      "images of \(height) × \(width) pixels cannot be downsampled by \(factor): it does not divide them"
    case .truncated(let file, let expected, let found):
      "\(file): ends after \(found) of \(expected) bytes; fetch it again"
    case .labelOutOfRange(let file, let record, let label, let classCount):
      "\(file): record \(record) has label \(label), labels go from 0 to \(classCount - 1); "
        + "the file is damaged or of another data set"
    case .wrongField(let file, let field, let reason):
      "\(file): field \"\(field)\": \(reason); prepare the data set again"
    case .wrongDigest(let folder, let expected, let found):
      "\(folder): images and labels have digest \(found), dataset.json says \(expected); "
        + "prepare the data set again"
    case .cannotRead(let file, let reason): "cannot read \(file): \(reason)"
    case .cannotWrite(let file, let reason): "cannot write \(file): \(reason)"
    case .cryptographyUnavailable: "libcrypto does not offer the digest; install Debian's libssl3"
    }
  }
}
