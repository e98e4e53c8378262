import Foundation
import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct PreparedDataSetManifestTests {
  /// Opens a set whose `dataset.json` is edited as text by `edit`, and returns the error.
  private func error(editing edit: (String) -> String) throws -> ImageFileError? {
    try withTemporaryFolder { folder in
      let recipe = SyntheticRecipe(
        shape: ImageShape(channels: 3, height: 4, width: 4), classCount: 3, trainingCount: 12,
        validationCount: 5)
      let prepared = try prepare(.synthetic(recipe), in: folder)
      let file = join(prepared, "dataset.json")
      let text = edit(String(decoding: try contents(file), as: UTF8.self))
      try put(Array(text.utf8), file)
      return try caught(ImageFileError.self) { _ = try PreparedDataSet(folder: prepared) }
    }
  }

  /// The same with fields set to JSON fragments; nil removes a field.
  private func error(setting fields: [String: String?]) throws -> ImageFileError? {
    try error { text in
      guard var object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
        return ""
      }
      for (name, fragment) in fields {
        object[name] = fragment.flatMap {
          try? JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed)
        }
      }
      let data = try? JSONSerialization.data(withJSONObject: object)
      return String(decoding: data ?? Data(), as: UTF8.self)
    }
  }

  private func expect(_ error: ImageFileError?, names field: String) {
    guard case .wrongField(let file, field, let reason) = error else {
      Issue.record("expected a wrong field \(field), got \(String(describing: error))")
      return
    }
    #expect(file.hasSuffix("/dataset.json"))
    #expect(!reason.isEmpty)
  }

  @Test func anUntouchedManifestIsRead() throws {
    #expect(try error(setting: [:]) == nil)
  }

  @Test(arguments: [
    "name", "title", "synthetic", "trainingCount", "validationCount", "shape", "classNames", "mean",
    "standardDeviation", "sourceDigest", "contentDigest",
  ])
  func aMissingField(_ name: String) throws {
    let found = try error(setting: [name: String?.none])
    expect(found, names: name)
    #expect(found?.description.contains("is missing") == true)
  }

  @Test(arguments: [
    ("name", "7"), ("synthetic", "\"yes\""), ("trainingCount", "\"many\""), ("trainingCount", "1.5"),
    ("trainingCount", "-1"), ("trainingCount", "1e300"), ("trainingCount", "3000000000"),
    ("trainingCount", "null"), ("validationCount", "-5"), ("validationCount", "9223372036854775807"),
    ("shape", "[3, 4, 4]"), ("shape", "{\"channels\": 0, \"height\": 4, \"width\": 4}"),
    ("shape", "{\"channels\": 3, \"height\": -4, \"width\": -4}"),
    ("shape", "{\"channels\": 3, \"height\": 4611686018427387904, \"width\": 4}"), ("classNames", "[]"),
    ("classNames", "{}"), ("mean", "[]"), ("mean", "[0.5]"), ("mean", "[0.5, 0.5, 0.5, 0.5]"),
    ("standardDeviation", "[1, 1]"), ("standardDeviation", "[1, 0, 1]"), ("standardDeviation", "[1, 1, -1]"),
  ])
  func aBrokenField(_ name: String, _ value: String) throws {
    expect(try error(setting: [name: value]), names: name)
  }

  @Test func brokenElementsAreFoundInside() throws {
    expect(
      try error(setting: ["shape": "{\"channels\": 3, \"height\": 4}"]), names: "shape.width")
    expect(
      try error(setting: ["shape": "{\"channels\": 3, \"height\": 4.25, \"width\": 4}"]),
      names: "shape.height")
    let names = try error(setting: ["classNames": "[\"a\", 2, \"c\"]"])
    guard case .wrongField(_, let field, _) = names else {
      Issue.record("expected a wrong field, got \(String(describing: names))")
      return
    }
    #expect(field.hasPrefix("classNames"))
  }

  /// Every field is in its range, yet the size of the images overflows when multiplied.
  @Test func sizesWhoseProductOverflows() throws {
    let found = try error(setting: [
      "shape": "{\"channels\": 4096, \"height\": 4096, \"width\": 4096}", "trainingCount": "2147483647",
      "mean": "[\(Array(repeating: "0", count: 4_096).joined(separator: ","))]",
      "standardDeviation": "[\(Array(repeating: "1", count: 4_096).joined(separator: ","))]",
    ])
    expect(found, names: "shape")
  }

  @Test func countsThatContradictTheFiles() throws {
    let found = try error(setting: ["trainingCount": "13"])
    guard case .truncated(let file, 864, 816) = found else {
      Issue.record("expected a truncated file, got \(String(describing: found))")
      return
    }
    #expect(file.hasSuffix("/images.bin"))
  }

  @Test(arguments: ["", "{", "no JSON", "[]", "null"]) func aFileThatIsNoManifest(_ text: String) throws {
    let found = try error { _ in text }
    guard case .wrongField(let file, _, _) = found else {
      Issue.record("expected a wrong field, got \(String(describing: found))")
      return
    }
    #expect(file.hasSuffix("/dataset.json"))
  }
}
