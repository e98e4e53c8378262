import Foundation

/// A digest of the sources that an executable is built from: what decides whether its old results still hold.
///
/// Counted are the sources of the module and of every module that it imports, directly or not, as far as they are
/// folders beside it (C modules with their headers and module maps); from the package manifest the text before
/// `let package`, where settings are named, and these modules' target declarations; and facts of the environment
/// such as the compiler. Comments and white space do not count; the contents of strings do.
public struct SourceFingerprint: Hashable, Sendable {
  /// SHA-256 of ``files``, 64 hexadecimal digits.
  public let digest: String
  /// What it was made from: `train/main.swift` → digest of its normalised text, `Package.swift` → digest of the
  /// parts that count, `environment: compiler` → the text given.
  public let files: [String: String]
  /// The modules counted, sorted.
  public let modules: [String]

  /// - Parameters:
  ///   - sourcesFolder: the folder with one folder a module.
  ///   - packageManifest: the path of `Package.swift`.
  ///   - module: where the closure starts, a folder in `sourcesFolder`.
  ///   - excluding: modules that cannot change a result, such as a progress display; what only they import does not
  ///     count either.
  ///   - environment: facts such as the versions of the compiler and of BLAS.
  /// - Throws: ``FileSystemError`` where a source cannot be read; ``StoreError/unreadable(path:reason:)`` where the
  ///   module has no sources.
  public init(
    sourcesFolder: String, packageManifest: String, module: String, excluding: Set<String> = [],
    environment: [String: String] = [:]
  ) throws {
    var files: [String: String] = [:]
    var visited = excluding
    visited.remove(module)
    var modules: [String] = []
    var waiting = [module]
    while let name = waiting.popLast() {
      guard visited.insert(name).inserted else { continue }
      let folder = "\(sourcesFolder)/\(name)"
      guard Self.isFolder(folder) else {
        if name == module { throw StoreError.unreadable(path: folder, reason: "there is no such module") }
        continue
      }
      modules.append(name)
      for file in try FileSystem.files(below: folder) {
        let source = { [UInt8](try FileSystem.contents(of: "\(folder)/\(file)")) }
        switch file.split(separator: ".").last {
        case "swift":
          let tokens = SwiftTokens(try source())
          files["\(name)/\(file)"] = Digest(of: tokens.normalized).hex
          waiting += tokens.importedModules
        case "h", "c", "modulemap":
          files["\(name)/\(file)"] = Digest(of: CText.normalized(try source())).hex
        default:
          continue
        }
      }
    }
    guard !files.isEmpty else {
      throw StoreError.unreadable(path: "\(sourcesFolder)/\(module)", reason: "the module has no sources")
    }
    modules.sort()
    files["Package.swift"] = try Self.packageDigest(packageManifest, modules: modules)
    for (name, value) in environment { files["environment: \(name)"] = value }
    self.files = files
    self.modules = modules
    digest = Digest(of: JSONValue.object(files.mapValues(JSONValue.string)).canonical).hex
  }

  private static func packageDigest(_ path: String, modules: [String]) throws -> String {
    let tokens = SwiftTokens([UInt8](try FileSystem.contents(of: path)))
    let declarations = tokens.targetDeclarations
    var parts = [JSONValue.string(String(decoding: tokens.packagePrelude, as: UTF8.self))]
    for module in modules {
      parts.append(declarations[module].map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null)
    }
    return Digest(of: JSONValue.array(parts).canonical).hex
  }

  private static func isFolder(_ path: String) -> Bool {
    var buffer = stat()
    return stat(path, &buffer) == 0 && FileSystem.Status(buffer).isFolder
  }
}
