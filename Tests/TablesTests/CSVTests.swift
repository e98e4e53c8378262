import Foundation
import Testing

@testable import Tables

private func withTemporaryFile(_ body: (String) throws -> Void) throws {
  let path = FileManager.default.temporaryDirectory.path + "/tables-\(UUID().uuidString).csv"
  defer { try? FileManager.default.removeItem(atPath: path) }
  try body(path)
}

@Suite struct CSVTests {
  @Test func writesAndReadsWhatNeedsQuotes() throws {
    let table = Table(
      columns: ["a,b", "say \"x\"", "plain"],
      rows: [["1", "line\nbreak", "é"], ["", "\"", "a\r\nb"], ["x\r", " ", ","]])
    try withTemporaryFile { path in
      try table.write(path)
      #expect(try CSVReader.read(path) == table)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.hasPrefix("\"a,b\",\"say \"\"x\"\"\",plain\n1,\"line\nbreak\",é\n"))
    }
  }

  @Test func numbersReadBackExactly() throws {
    let values = [
      0.1, -0.0, 1e-300, .pi, 1 / 3, .infinity, -.infinity, Double.leastNonzeroMagnitude, 123_456_789, .nan,
      -Double.nan,
    ]
    try withTemporaryFile { path in
      let writer = try CSVWriter(path: path, columns: ["x", "n", "t", "gap"])
      for value in values { try writer.write([.number(value), .integer(-7), .text("a"), .empty]) }
      try writer.close()
      let table = try CSVReader.read(path)
      for (read, value) in zip(try table.numbers("x"), values) {
        #expect(value.isNaN ? read.isNaN : read.bitPattern == value.bitPattern)
      }
      #expect(try table.column("x").suffix(2) == ["nan", "nan"])
      #expect(try table.integers("n").allSatisfy { $0 == -7 })
      #expect(try table.optionalNumbers("gap") == Array(repeating: nil, count: values.count))
    }
  }

  @Test func oneEmptyColumnSurvives() throws {
    let table = Table(columns: ["x"], rows: [[""], ["1"], [""]])
    try withTemporaryFile { path in
      try table.write(path)
      #expect(try CSVReader.read(path) == table)
      let writer = try CSVWriter(path: path, columns: ["x"])
      try writer.write([CSVField.empty])
      try writer.close()
      #expect(try CSVReader.read(path).rows == [[""]])
    }
  }

  @Test(arguments: ["\u{FEFF}a,b\r\n1,2\r\n\r\n3,4", "a,b\n\n1,2\n3,4\n\n", "\"a\",b\n1,\"2\"\r\n3,4\r\n"])
  func readsLineEndsAndMarks(text: String) throws {
    #expect(try CSVReader.read(text: text) == Table(columns: ["a", "b"], rows: [["1", "2"], ["3", "4"]]))
  }

  @Test func readsTrailingEmptyField() throws {
    #expect(try CSVReader.read(text: "a,b\n1,").rows == [["1", ""]])
  }

  @Test func errorsNameLineAndColumn() {
    func expect(_ text: String, _ error: TableError) {
      #expect(throws: error) { try CSVReader.read(text: text, path: "f.csv") }
    }
    expect("", .noHeader(path: "f.csv"))
    expect("a,a\n", .duplicateColumn(path: "f.csv", column: "a"))
    expect("a,b\n1,2\n1\n", .fieldCount(path: "f.csv", line: 3, found: 1, expected: 2))
    expect("a,b\n1,2,3\n", .fieldCount(path: "f.csv", line: 2, found: 3, expected: 2))
    expect(
      "a,b\n\"x\ny\",2\n1,x\"\n",
      .quoting(
        path: "f.csv", line: 4, column: "b", problem: "a quote inside a field that does not begin with one"))
    expect("a,b\n1,\"2\n", .quoting(path: "f.csv", line: 2, column: "b", problem: "a quote is never closed"))
    expect(
      "a\n\"1\"2\n", .quoting(path: "f.csv", line: 2, column: "a", problem: "text after a closing quote"))
  }

  @Test func refusesOtherEncodings() throws {
    try withTemporaryFile { path in
      try Data("a,b\n1,".utf8 + [0xE9, 0x0A]).write(to: URL(fileURLWithPath: path))
      #expect(throws: TableError.notText(path: path, line: 2, column: "b")) { try CSVReader.read(path) }
    }
  }

  @Test func typedAccessNamesThePlace() throws {
    let table = try CSVReader.read(text: "step,loss\n1,\"0.\n5\"\n2,x\n", path: "f.csv")
    #expect(throws: TableError.notNumber(path: "f.csv", place: "line 2", column: "loss", text: "0.\n5")) {
      try table.numbers("loss")
    }
    let tail = table.filter { $0[0] == "2" }
    #expect(throws: TableError.notNumber(path: "f.csv", place: "line 4", column: "loss", text: "x")) {
      try tail.numbers("loss")
    }
    var grown = tail
    grown.append(["1.5", "1"])
    #expect(throws: TableError.notNumber(path: "f.csv", place: "row 2", column: "step", text: "1.5")) {
      try grown.integers("step")
    }
    #expect(throws: TableError.noSuchColumn(path: "f.csv", column: "los", known: ["step", "loss"])) {
      try table.column("los")
    }
    #expect(try table.integers("step") == [1, 2])
    let gaps = try CSVReader.read(text: "x,y\n,1\n2.5,1\n")
    #expect(try gaps.optionalNumbers("x") == [nil, 2.5])
    #expect(throws: TableError.self) { try gaps.numbers("x") }
  }

  @Test func fullDiskIsAnError() throws {
    let writer = try CSVWriter(path: "/dev/full", columns: ["x"])
    try writer.write(["1"])
    #expect(throws: TableError.file(path: "/dev/full", operation: "write", reason: "No space left on device"))
    {
      try writer.close()
    }
  }

  @Test func missingFileIsNamed() {
    #expect(
      throws: TableError.file(path: "/nowhere/x.csv", operation: "open", reason: "No such file or directory")
    ) { try CSVReader.read("/nowhere/x.csv") }
    #expect(throws: TableError.self) { try CSVWriter(path: "/nowhere/x.csv", columns: ["x"]) }
  }

  @Test func manyRowsComeBack() throws {
    try withTemporaryFile { path in
      let writer = try CSVWriter(path: path, columns: ["step", "layer", "value"])
      for step in 0..<20_000 {
        try writer.write([.integer(step), .text("conv,\(step % 9)"), .number(1 / Double(step + 1))])
      }
      try writer.close()
      let table = try CSVReader.read(path)
      #expect(try table.integers("step") == Array(0..<20_000))
      #expect(try table.numbers("value").last == 1.0 / 20_000)
      #expect(table.rows[10][1] == "conv,1")
    }
  }
}
