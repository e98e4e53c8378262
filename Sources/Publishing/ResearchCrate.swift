import ContentStore
import Foundation

/// The metadata of a folder of results as an RO-Crate 1.1 of the Workflow Run profile: which files are what, by what run of
/// which workflow they came about.
public struct ResearchCrate: Sendable {
  /// A file of the folder.
  public struct File: Sendable {
    /// Relative to the folder.
    public var path: String
    public var name: String
    /// A media type.
    public var format: String
    public var bytes: Int
    public var digest: Digest
    /// Whether it came out of the run.
    public var isResult: Bool

    public init(path: String, name: String, format: String, bytes: Int, digest: Digest, isResult: Bool) {
      self.path = path
      self.name = name
      self.format = format
      self.bytes = bytes
      self.digest = digest
      self.isResult = isResult
    }
  }

  public var name: String
  public var description: String
  /// When the last result was made, ISO 8601.
  public var made: String
  public var commit: String
  /// The makefile, relative to the folder.
  public var workflow: String
  public var files: [File]
  /// Folders of which not every file is named, with what they hold.
  public var folders: [(path: String, name: String)]
  /// The images that it began with, by name and the SHA-256 of their source.
  public var dataSets: [(name: String, digest: String)]
  /// The machines that computed it.
  public var machines: [String]

  public static let fileName = "ro-crate-metadata.json"

  public init(
    name: String, description: String, made: String, commit: String, workflow: String, files: [File],
    folders: [(path: String, name: String)] = [], dataSets: [(name: String, digest: String)],
    machines: [String]
  ) {
    self.name = name
    self.description = description
    self.made = made
    self.commit = commit
    self.workflow = workflow
    self.files = files
    self.folders = folders
    self.dataSets = dataSets
    self.machines = machines
  }

  /// The text of `ro-crate-metadata.json`; the same facts make the same bytes.
  public func encoded() throws -> Data {
    let document: JSONValue = [
      "@context": [
        "https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context",
      ],
      "@graph": .array(
        [descriptor, root, makefile, language, project, license, run] + profiles + files.map(entity)
          + folders.map { Self.entity($0.path, "Dataset", ["name": .string($0.name)]) }
          + dataSets.map {
            Self.entity(
              Self.id(ofDataSet: $0.digest), "Dataset",
              ["name": .string($0.name), "identifier": .string("sha256:\($0.digest)")])
          }),
    ]
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(document) + Data("\n".utf8)
  }

  private static func entity(_ id: String, _ type: JSONValue, _ facts: [String: JSONValue]) -> JSONValue {
    .object(facts.merging(["@id": .string(id), "@type": type]) { first, _ in first })
  }

  private static func reference(_ id: String) -> JSONValue { ["@id": .string(id)] }

  private static func id(ofDataSet digest: String) -> String { "#data-\(digest.prefix(16))" }

  private static let profileNames = [
    ("https://w3id.org/ro/wfrun/process/0.5", "Process Run Crate", "0.5"),
    ("https://w3id.org/ro/wfrun/workflow/0.5", "Workflow Run Crate", "0.5"),
    ("https://w3id.org/workflowhub/workflow-ro-crate/1.0", "Workflow RO-Crate", "1.0"),
  ]

  private var profiles: [JSONValue] {
    Self.profileNames.map { id, name, version in
      Self.entity(id, "CreativeWork", ["name": .string(name), "version": .string(version)])
    }
  }

  private var descriptor: JSONValue {
    Self.entity(
      Self.fileName, "CreativeWork",
      [
        "about": Self.reference("./"),
        "conformsTo": [
          Self.reference("https://w3id.org/ro/crate/1.1"),
          Self.reference("https://w3id.org/workflowhub/workflow-ro-crate/1.0"),
        ],
      ])
  }

  private var root: JSONValue {
    let parts = [workflow] + files.map(\.path) + folders.map(\.path)
    return Self.entity(
      "./", "Dataset",
      [
        "name": .string(name), "description": .string(description),
        "datePublished": .string(made.isEmpty ? "1970-01-01" : made),
        "license": Self.reference("https://spdx.org/licenses/MIT"),
        "conformsTo": .array(Self.profileNames.map { Self.reference($0.0) }),
        "hasPart": .array(parts.map(Self.reference)),
        "mainEntity": Self.reference(workflow),
        "mentions": [Self.reference("#run")],
      ])
  }

  private var makefile: JSONValue {
    Self.entity(
      workflow, ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
      [
        "name": "Barriers", "programmingLanguage": Self.reference("#make"),
        "description": "Every figure from nothing: prepare, train, measure, compute, plot, judge",
        "license": Self.reference("https://spdx.org/licenses/MIT"),
      ].merging(commit.isEmpty ? [:] : ["version": .string(commit)]) { first, _ in first })
  }

  private var language: JSONValue {
    Self.entity(
      "#make", "ComputerLanguage",
      [
        "name": "GNU Make", "alternateName": "Makefile",
        "identifier": Self.reference("https://www.gnu.org/software/make/"),
        "url": Self.reference("https://www.gnu.org/software/make/"),
      ])
  }

  private var project: JSONValue {
    Self.entity("#barriers", "Organization", ["name": "The authors of Barriers"])
  }

  private var license: JSONValue {
    Self.entity(
      "https://spdx.org/licenses/MIT", "CreativeWork",
      ["name": "MIT License", "identifier": "https://spdx.org/licenses/MIT"])
  }

  private var run: JSONValue {
    var facts: [String: JSONValue] = [
      "name": .string("A run of Barriers" + (commit.isEmpty ? "" : " at commit \(commit)")),
      "description": .string(
        machines.isEmpty
          ? "computed on an unnamed machine" : "computed on " + machines.joined(separator: ", ")),
      "instrument": Self.reference(workflow), "agent": Self.reference("#barriers"),
      "object": .array(dataSets.map { Self.reference(Self.id(ofDataSet: $0.digest)) }),
      "result": .array(files.filter(\.isResult).map { Self.reference($0.path) }),
      "actionStatus": "http://schema.org/CompletedActionStatus",
    ]
    if !made.isEmpty { facts["endTime"] = .string(made) }
    return Self.entity("#run", "CreateAction", facts)
  }

  private func entity(_ file: File) -> JSONValue {
    Self.entity(
      file.path, "File",
      [
        "name": .string(file.name), "encodingFormat": .string(file.format),
        "contentSize": .string("\(file.bytes)"), "sha256": .string(file.digest.hex),
      ])
  }
}
