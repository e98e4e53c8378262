/// A digest of the sources that a result owes itself to: what decides whether an old one still holds.
///
/// Counted are the sources of a module and of every module that it imports, directly or not; from the package
/// manifest the text before `let package` and these modules' target declarations (``SourceRecord``). Comments and
/// white space do not count; the contents of strings do.
public struct SourceFingerprint: Hashable, Sendable {
  /// SHA-256 of ``files``, 64 hexadecimal digits.
  public let digest: String
  /// What it was made from: `train/main.swift` → digest of its normalised text, `Package.swift` → that of the parts
  /// that count.
  public let files: [String: String]
  /// The modules counted, sorted.
  public let modules: [String]

  public init(files: [String: String], modules: [String]) {
    self.files = files
    self.modules = modules
    digest = Digest(of: JSONValue.object(files.mapValues(JSONValue.string)).canonical).hex
  }
}
