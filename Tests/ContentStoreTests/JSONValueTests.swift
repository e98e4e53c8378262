import Foundation
import Testing

@testable import ContentStore

@Suite struct JSONValueTests {
  private func decode(_ text: String, json5: Bool = false) throws -> JSONValue {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = json5
    return try decoder.decode(JSONValue.self, from: Data(text.utf8))
  }

  @Test func canonicalFormIsOne() throws {
    let value = try decode(
      #"{ "b": [1.0, -0.0, 0.1, 1e300, 1E2], "a": {"é": null, "z": true}, "A": "x/\u0001\n\"\\é" }"#)
    #expect(value.canonical == #"{"A":"x/\u0001\n\"\\é","a":{"z":true,"é":null},"b":[1,0,0.1,1e+300,100]}"#)
    #expect(try decode(value.canonical) == value)
    #expect(try decode(value.canonical).canonical == value.canonical)
  }

  @Test func keysSortByBytes() {
    // By UTF-8, U+FF5E comes before U+1F600; by UTF-16 it would come after.
    let value: JSONValue = ["\u{1F600}": 1, "\u{FF5E}": 2, "B": 3, "a": 4]
    #expect(value.canonical == "{\"B\":3,\"a\":4,\"\u{FF5E}\":2,\"\u{1F600}\":1}")
  }

  @Test func integersStayIntegers() throws {
    guard case .integer(3) = try decode("3"), case .number(2.5) = try decode("2.5") else {
      Issue.record("a number is held in the wrong case")
      return
    }
    #expect(try decode("9007199254740993").canonical == "9007199254740993")
    #expect(try decode("-9223372036854775808").canonical == "-9223372036854775808")
    #expect(try decode("9223372036854775808").canonical == "9.223372036854776e+18")
    let lenient = try decode("{a: 1, /* note */ b: [1.5, .5, 'x',], c: 0x10}", json5: true)
    #expect(lenient.canonical == #"{"a":1,"b":[1.5,0.5,"x"],"c":16}"#)
    #expect(throws: DecodingError.self) { try decode("[NaN]", json5: true) }
    #expect(throws: DecodingError.self) { try decode("[1,") }
  }

  @Test func equalityIsByValue() {
    #expect(JSONValue.integer(1) == .number(1))
    #expect(Set([JSONValue.integer(1), .number(1), .boolean(true)]).count == 2)
    #expect(JSONValue.integer(0) != .boolean(false))
    #expect(JSONValue.array([.number(-0.0)]) == [0])
  }

  @Test func encodesAndDecodesTypedValues() throws {
    struct Training: Codable, Equatable {
      var learningRate = 0.1
      var small: Float = 0.1
      var steps = 3
      var name: String?
    }
    let value = try JSONValue(encoding: Training())
    #expect(value.canonical == #"{"learningRate":0.1,"small":0.1,"steps":3}"#)
    #expect(value["steps"] == 3)
    #expect(value["none"] == nil)
    #expect(JSONValue.integer(3)["x"] == nil)
    #expect(try value.decoded(as: Training.self) == Training())
    #expect(throws: EncodingError.self) { try JSONValue(encoding: [Double.nan]) }
  }

  @Test func differencesNameThePath() {
    let old: JSONValue = [
      "training": ["learningRate": 0.01, "epochs": 3], "panels": [["x": 1], 2], "a.b": 1,
    ]
    let new: JSONValue = ["training": ["learningRate": 0.02, "epochs": 3.0], "panels": [["x": 2]], "c": "t"]
    #expect(
      JSONValue.difference(old, new).map(\.description) == [
        #"["a.b"]: 1 → absent"#, #"c: absent → "t""#, "panels[0].x: 1 → 2", "panels[1]: 2 → absent",
        "training.learningRate: 0.01 → 0.02",
      ])
    #expect(JSONValue.difference(old, old).isEmpty)
    #expect(JSONValue.difference(1, [2]).map(\.description) == ["value: 1 → [2]"])
    #expect(JSONValue.difference(["a": .null], [:]).map(\.description) == ["a: null → absent"])
  }
}
