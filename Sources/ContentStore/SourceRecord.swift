import Foundation

/// The sources of a package, module by module: what a build was made from, and what keys are made of.
///
/// Of each module: the digests of its files, blind to comments and white space, the modules that it imports, and its
/// declaration in the package manifest; of the manifest besides, the text before `let package`, where settings are
/// named. C modules count with their headers and module maps.
public struct SourceRecord: Hashable, Sendable {
  /// What is known of one module.
  public struct Module: Hashable, Sendable {
    /// Path below the module's folder → SHA-256 of its normalised text, 64 hexadecimal digits.
    public internal(set) var files: [String: String] = [:]
    /// The modules that it imports, sorted, those of the system among them.
    public internal(set) var imports: [String] = []
    /// The digest of its target's declaration; empty where the manifest has none.
    public internal(set) var declaration = ""
  }

  /// By name.
  public private(set) var modules: [String: Module] = [:]
  /// The digest of the manifest's text before `let package`.
  public private(set) var prelude = ""

  /// Reads the sources of a package.
  ///
  /// - Parameters:
  ///   - sourcesFolder: the folder with one folder a module.
  ///   - packageManifest: the path of `Package.swift`.
  /// - Throws: ``FileSystemError`` where one cannot be read.
  public init(sourcesFolder: String, packageManifest: String) throws {
    let manifest = SwiftTokens([UInt8](try FileSystem.contents(of: packageManifest)))
    prelude = Digest(of: manifest.packagePrelude).hex
    let declarations = manifest.targetDeclarations
    for name in try FileSystem.names(in: sourcesFolder) where !name.hasPrefix(".") {
      let folder = "\(sourcesFolder)/\(name)"
      guard try FileSystem.status(folder)?.isFolder == true else { continue }
      var module = try Self.module(in: folder)
      guard !module.files.isEmpty else { continue }
      module.declaration = declarations[name].map { Digest(of: $0).hex } ?? ""
      modules[name] = module
    }
  }

  private static func module(in folder: String) throws -> Module {
    var module = Module()
    var imports: Set<String> = []
    for file in try FileSystem.files(below: folder) where !isHidden(file) {
      let source = { [UInt8](try FileSystem.contents(of: "\(folder)/\(file)")) }
      switch file.split(separator: ".").last {
      case "swift":
        let tokens = SwiftTokens(try source())
        module.files[file] = Digest(of: tokens.normalized).hex
        imports.formUnion(tokens.importedModules)
      case "h", "c", "modulemap":
        module.files[file] = Digest(of: CText.normalized(try source())).hex
      default:
        continue
      }
    }
    module.imports = imports.sorted()
    return module
  }

  /// Whether SwiftPM passes a file over: editors' locks and copies of other systems begin with a dot.
  private static func isHidden(_ path: String) -> Bool {
    path.split(separator: "/").contains { $0.hasPrefix(".") }
  }

  /// What a module's results owe to its sources and to those of all modules that it imports, directly or not.
  ///
  /// - Parameter excluding: modules that cannot change a result, such as a progress display; what only they import
  ///   does not count either.
  /// - Throws: ``StoreError/unreadable(path:reason:)`` where there is no such module.
  public func fingerprint(of module: String, excluding: Set<String> = []) throws -> SourceFingerprint {
    guard modules[module] != nil else {
      throw StoreError.unreadable(path: module, reason: "there is no such module")
    }
    var visited = excluding
    visited.remove(module)
    var closure: [String] = []
    var files = ["Package.swift": prelude]
    var waiting = [module]
    while let name = waiting.popLast() {
      guard visited.insert(name).inserted, let found = modules[name] else { continue }
      closure.append(name)
      for (file, digest) in found.files { files["\(name)/\(file)"] = digest }
      files["Package.swift: \(name)"] = found.declaration
      waiting += found.imports
    }
    return SourceFingerprint(files: files, modules: closure.sorted())
  }
}

/// The record as text, so that it can be built into programs.
extension SourceRecord {
  /// A line for each fact; equal records have equal texts.
  public var text: String {
    var lines = ["prelude \(prelude)"]
    for (name, module) in modules.sorted(by: { $0.key < $1.key }) {
      lines.append("module \(name) \(module.declaration)")
      lines += module.imports.filter { modules[$0] != nil }.map { "import \($0)" }
      lines += module.files.sorted { $0.key < $1.key }.map { "file \($0.value) \($0.key)" }
    }
    return lines.joined(separator: "\n")
  }

  /// Reads what ``text`` wrote.
  public init(text: String) {
    var name = ""
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
      switch (words.first, words.count) {
      case ("prelude", 2): prelude = words[1]
      case ("module", 3):
        name = words[1]
        modules[name] = Module(declaration: words[2])
      case ("import", 2): modules[name]?.imports.append(words[1])
      case ("file", 3): modules[name]?.files[words[2]] = words[1]
      default: continue
      }
    }
  }
}
