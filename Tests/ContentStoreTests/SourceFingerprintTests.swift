import Foundation
import Testing

@testable import ContentStore

@Suite struct SourceFingerprintTests {
  private let package = """
    let flags = ["-O"]
    let package = Package(
      name: "P",
      targets: [
        .systemLibrary(name: "CBlas", pkgConfig: "blas"),
        .target(name: "Algebra", dependencies: ["CBlas"], swiftSettings: flags),
        .target(name: "Display"),
        .target(name: "Other"),
        .executableTarget(name: "train", dependencies: ["Algebra", "Display"]),
      ])
    """

  private func withSources(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try put(
        "import Algebra\nimport Display\nimport Foundation\nprint(\"a b\")\n",
        "\(folder)/Sources/train/main.swift")
      try put("@testable import CBlas\nlet a = 1\n", "\(folder)/Sources/Algebra/Deep/Matrix.swift")
      try put("import Algebra\nimport Hidden\n", "\(folder)/Sources/Display/Bar.swift")
      try put("let hidden = 1\n", "\(folder)/Sources/Hidden/Hidden.swift")
      try put("let other = 1\n", "\(folder)/Sources/Other/Other.swift")
      try put("#include <cblas.h>\n", "\(folder)/Sources/CBlas/shim.h")
      try put("module CBlas { header \"shim.h\" }\n", "\(folder)/Sources/CBlas/module.modulemap")
      try put("notes\n", "\(folder)/Sources/Algebra/notes.md")
      try put(package, "\(folder)/Package.swift")
      try body(folder)
    }
  }

  private func record(_ folder: String) throws -> SourceRecord {
    try SourceRecord(sourcesFolder: "\(folder)/Sources", packageManifest: "\(folder)/Package.swift")
  }

  private func fingerprint(_ folder: String) throws -> SourceFingerprint {
    try record(folder).fingerprint(of: "train", excluding: ["Display"])
  }

  @Test func countsTheClosure() throws {
    try withSources { folder in
      let found = try fingerprint(folder)
      #expect(found.modules == ["Algebra", "CBlas", "train"])
      #expect(
        Set(found.files.keys) == [
          "train/main.swift", "Algebra/Deep/Matrix.swift", "CBlas/shim.h", "CBlas/module.modulemap",
          "Package.swift", "Package.swift: train", "Package.swift: Algebra", "Package.swift: CBlas",
        ])
      #expect(found.digest.utf8.count == 64)
      #expect(try fingerprint(folder) == found)
      let all = try record(folder).fingerprint(of: "train")
      #expect(all.modules == ["Algebra", "CBlas", "Display", "Hidden", "train"])
    }
  }

  @Test(arguments: [
    (
      "Sources/train/main.swift",
      "import Algebra // c\nimport  Display\nimport Foundation\n\n/* x */ print( \"a b\" )"
    ),
    ("Sources/Display/Bar.swift", "import Other\nlet changed = 1"),
    ("Sources/Hidden/Hidden.swift", "let hidden = 2"),
    ("Sources/Other/Other.swift", "let other = 2"),
    ("Sources/Algebra/notes.md", "more notes"),
    ("Sources/CBlas/shim.h", "// C\n#include   <cblas.h>\n\n"),
  ])
  func doesNotChangeWith(file: String, contents: String) throws {
    try withSources { folder in
      let before = try fingerprint(folder)
      try put(contents, "\(folder)/\(file)")
      #expect(try fingerprint(folder) == before)
    }
  }

  @Test(arguments: [
    ("Sources/train/main.swift", "import Algebra\nimport Display\nimport Foundation\nprint(\"a  b\")\n"),
    ("Sources/train/main.swift", "import Algebra\nimport Other\nimport Foundation\nprint(\"a b\")\n"),
    ("Sources/Algebra/Deep/Matrix.swift", "@testable import CBlas\nlet a = 2\n"),
    ("Sources/Algebra/New.swift", ""),
    ("Sources/CBlas/shim.h", "#include <lapack.h>\n"),
    ("Sources/CBlas/module.modulemap", "module CBlas { header \"shim.h\" export * }\n"),
  ])
  func changesWith(file: String, contents: String) throws {
    try withSources { folder in
      let before = try fingerprint(folder)
      try put(contents, "\(folder)/\(file)")
      let after = try fingerprint(folder)
      #expect(after.digest != before.digest)
      #expect(after.files[String(file.dropFirst(8))] != before.files[String(file.dropFirst(8))])
    }
  }

  @Test(arguments: [
    ("\"-O\"", "\"-Ounchecked\"", true), ("pkgConfig: \"blas\"", "pkgConfig: \"openblas\"", true),
    ("name: \"Algebra\", dependencies: [\"CBlas\"]", "name: \"Algebra\", dependencies: []", true),
    ("[\"Algebra\", \"Display\"]", "[\"Algebra\"]", true),
    (".target(name: \"Other\")", ".target(name: \"Else\")", false),
    (".target(name: \"Display\")", ".target(name: \"Display\", dependencies: [])", false),
    ("name: \"P\"", "name: \"Q\" /* new */", false), ("let flags =", "// flags\nlet  flags =", false),
  ])
  func followsThePackageManifest(old: String, new: String, changes: Bool) throws {
    try withSources { folder in
      let before = try fingerprint(folder)
      try put(package.replacing(old, with: new), "\(folder)/Package.swift")
      #expect(try text("\(folder)/Package.swift") != package)
      #expect(try (fingerprint(folder) != before) == changes)
    }
  }

  @Test func comesBackFromItsText() throws {
    try withSources { folder in
      let record = try record(folder)
      let copy = SourceRecord(text: record.text)
      #expect(copy.text == record.text)
      for module in ["train", "Display", "Other"] {
        #expect(try copy.fingerprint(of: module) == record.fingerprint(of: module))
      }
    }
  }

  @Test func hiddenFilesArePassedOver() throws {
    try withSources { folder in
      let before = try record(folder)
      try put("let lock = 1\n", "\(folder)/Sources/train/._main.swift")
      try put("let lock = 1\n", "\(folder)/Sources/.hidden/Other.swift")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/Sources/train/.#main.swift", withDestinationPath: "nobody@nowhere.1:2")
      #expect(try record(folder) == before)
    }
  }

  @Test func saysWhatIsMissing() throws {
    try withSources { folder in
      #expect(throws: StoreError.unreadable(path: "x", reason: "there is no such module")) {
        try record(folder).fingerprint(of: "x")
      }
      #expect(throws: FileSystemError.notFound(path: "\(folder)/none", operation: .open)) {
        try SourceRecord(sourcesFolder: "\(folder)/Sources", packageManifest: "\(folder)/none")
      }
    }
  }
}
