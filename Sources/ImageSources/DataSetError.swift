import PreparedImages

/// What can be wrong with a data set, its official files or its prepared form.
public enum DataSetError: Error, Equatable, CustomStringConvertible {
  /// No data set of this name is registered.
  case unknownDataSet(name: String, known: [String])
  /// Neither the official folder nor the official archive is in the data folder.
  case absent(title: String, dataFolder: String, folder: String, release: OfficialRelease)
  /// A file that the format requires is not in the folder or archive.
  case missingMember(source: String, member: String)
  /// The archive holds none of the format's files.
  case foreignArchive(file: String, expected: String)
  /// libarchive cannot read the archive: damaged, cut off or no archive at all.
  case damagedArchive(file: String, reason: String)
  /// Two members of an archive have the same name.
  case duplicateMember(source: String, member: String)
  /// The size of a file is not a positive whole number of records.
  case wrongSize(file: String, byteCount: Int, recordBytes: Int)
  /// A label of a record is not among those that the file may hold; records count from 0.
  case labelOutOfRange(file: String, field: String, record: Int, label: Int, allowed: ClosedRange<Int>)
  /// An array of a NumPy file is not as the format says.
  case wrongArray(file: String, field: String, reason: String)
  /// The list of class names has another length than there are classes, or is not text.
  case wrongClassNames(file: String, expected: Int, found: Int)
  /// A line of a text file is not as the format says; lines count from 1.
  case wrongLine(file: String, line: Int, reason: String)
  /// A file is there that the rest of the data set does not account for.
  case unexpectedMember(source: String, member: String, reason: String)
  /// Some classes have fewer training images than others: something is missing.
  case unevenClasses(source: String, className: String, expected: Int, found: Int)
  /// An image has another size than those of its data set.
  case wrongImageSize(file: String, expected: ImageShape, height: Int, width: Int)
  /// An image cannot be decoded, in the decoder's words.
  case damagedImage(file: String, reason: String)
  /// libjpeg-turbo has no memory for a decoder.
  case decoderUnavailable

  public var description: String {
    switch self {
    case .unknownDataSet(let name, let known):
      "unknown data set \"\(name)\"; known are \(known.joined(separator: ", "))"
    case .absent(let title, let dataFolder, let folder, .archive(let archive)):
      "\(title) is not in \(dataFolder): put the folder \(folder) or the archive \(archive.fileName) there, "
        + "fetch it with `make data`, or choose DATA=synthetic"
    case .absent(let title, let dataFolder, let folder, .registered(let site, let files)):
      "\(title) is not in \(dataFolder): put a folder \(folder) with \(files) there, "
        + "which \(site) gives to registered people, or choose DATA=synthetic"
    case .missingMember(let source, let member):
      "\(source): \(member) is missing; fetch the official data again"
    case .foreignArchive(let file, let expected):
      "\(file): another archive than the official one, nothing like \(expected) is in it"
    case .damagedArchive(let file, let reason):
      "\(file): damaged archive (\(reason)); remove it and fetch the official one again"
    case .duplicateMember(let source, let member):
      "\(source): \(member) occurs more than once; use the official archive"
    case .wrongSize(let file, let byteCount, let recordBytes):
      "\(file): \(byteCount) bytes are not a positive whole number of records of \(recordBytes) bytes; "
        + "the file is cut off or of another format"
    case .labelOutOfRange(let file, let field, let record, let label, let allowed):
      "\(file): record \(record) has \(field) \(label), \(field)s go from \(allowed.lowerBound) to "
        + "\(allowed.upperBound); the file is damaged or of another data set"
    case .wrongArray(let file, let field, let reason):
      "\(file): \(field) \(reason); the file is damaged or of another data set"
    case .wrongClassNames(let file, let expected, let found):
      "\(file): \(found) class names instead of \(expected)"
    case .wrongLine(let file, let line, let reason): "\(file): line \(line): \(reason)"
    case .unexpectedMember(let source, let member, let reason): "\(source): \(member) \(reason)"
    case .unevenClasses(let source, let className, let expected, let found):
      "\(source): class \(className) has \(found) training images, others have \(expected); "
        + "the data are incomplete, unpack or fetch them again"
    case .wrongImageSize(let file, let expected, let height, let width):
      "\(file): \(height) × \(width) pixels instead of \(expected.height) × \(expected.width)"
    case .damagedImage(let file, let reason):
      "\(file): damaged image (\(reason)); unpack or fetch the data again"
    case .decoderUnavailable: "libjpeg-turbo gives no decoder; install Debian's libturbojpeg0"
    }
  }
}
