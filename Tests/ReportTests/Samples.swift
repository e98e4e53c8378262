import Claims
import Figures
import Foundation
import Manuscript

@testable import Report

/// A folder with a published figure, chapters and records, from which editions are made. Removed when the value goes.
final class Samples {
  let folder: String
  var figures: String { folder + "/figures" }
  var records: String { folder + "/records" }

  static let block = """
    ```artifact fig-2.1
    { experiment: "theory", title: "A figure", families: { a: "a-family" }, columns: "$two", panels: [], claims: [] }
    ```

    ```family a-family
    { runs: [] }
    ```

    ```presets shared
    { two: 2 }
    ```
    """

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/barriers-report-\(UUID().uuidString)"
    for name in ["figures", "records/standard"] {
      try FileManager.default.createDirectory(
        atPath: folder + "/" + name, withIntermediateDirectories: true)
    }
    try publish(in: figures, profile: .quick, measured: 0.03021, last: 0.75)
    try publish(in: records + "/standard", profile: .standard, measured: 0.4, last: 0.5)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func publish(in folder: String, profile: Profile, measured: Double, last: Double) throws {
    let claims = """
      [{ "id": "leaves", "says": "It leaves | <far>", "criterion": "1 - final(r2.clone) > 0.001",
         "measured": \(measured), "perSeed": [\(measured)], "verdict": "reproduced" },
       { "id": "stays-2", "says": "It stays", "criterion": "x <= 0", "perSeed": [], "verdict": "not reproduced" }]
      """
    let record = """
      { "artifact": "fig-2.1", "title": "A figure & more", "profile": "\(profile.rawValue)", "seeds": [40],
        "dataSets": [{ "set": "cifar-10", "title": "CIFAR-10", "synthetic": false, "sourceDigest": "aa",
                       "contentDigest": "bb", "key": "cc" }],
        "claims": \(claims),
        "runs": [{ "run": "clone", "seed": 40, "trainKey": "t1", "measureKey": "m1", "trainSeconds": 3,
                   "measureSeconds": 1, "host": "h", "blasKernel": "k" }],
        "tables": [], "runEnds": {}, "fingerprints": { "train": "ff" }, "computeSeconds": 4, "host": "h",
        "command": "make fig-2.1 PROFILE=\(profile.rawValue)" }
      """
    try record.write(toFile: folder + "/fig-2.1.json", atomically: true, encoding: .utf8)
    try """
    panel,series,x,y,y_low,y_high,n
    r2,clone,1.0,1.0,1.0,1.0,1
    r2,clone,nan,nan,nan,nan,0
    r2,clone,2.0,\(last),\(last),\(last),1

    """.write(toFile: folder + "/fig-2.1.csv", atomically: true, encoding: .utf8)
    try """
    <?xml version="1.0"?>
    <svg xmlns="http://www.w3.org/2000/svg" width="10pt" height="5pt" viewBox="0 0 10 5">
    <g id="a" clip-path="url(#b)"><use xlink:href="#a" x="1.23456"/></g></svg>
    """.write(toFile: folder + "/fig-2.1.svg", atomically: true, encoding: .utf8)
  }

  /// Lets the figure be one that was drawn from results of elsewhere.
  func giveOrigin(_ words: String) throws {
    var record = try FigureRecord(published: "fig-2.1", in: figures)
    record.origin = FigureRecord.Origin(
      words: words, from: records, commit: nil, differences: [], found: 1, total: 1)
    try JSONEncoder().encode(record).write(to: URL(fileURLWithPath: figures + "/fig-2.1.json"))
  }

  func chapter(_ prose: String, file: String = "paper/01-a-chapter.md") throws -> Chapter {
    try Chapter(file: file, text: "# A chapter\n\n\(prose)\n\n\(Self.block)\n")
  }

  func edition(_ prose: String = "", profile: Profile = .quick) throws -> Edition {
    try edition(prose, scale: ReportScale(profile: profile))
  }

  func edition(_ prose: String = "", scale: ReportScale) throws -> Edition {
    try Edition(chapters: [chapter(prose)], in: figures, records: records, scale: scale, commit: "abc")
  }

  /// A line of prose as the page's Markdown has it.
  func woven(_ line: String, as language: any ProseLanguage = PageLanguage()) throws -> String {
    try ChapterWeaver(edition: edition(), language: language).inline(line)
  }
}
