import ContentStore
import Experiments
import Testing

@testable import Figures
@testable import Manuscript

@Suite struct ProfileTests {
  private let value: JSONValue = [
    "size": .object(["quick": 1, "otherwise": 2]),
    "length": .object(["standard": 3, "paper": 4]),
    "list": .array(["a", .object(["quick": .null, "otherwise": "b"]), "c"]),
  ]

  private func resolved(_ value: JSONValue, for profile: Profile) throws -> JSONValue {
    let block = try Chapter(file: "t.md", text: "```family t\n{}\n```").families[0]
    return try profile.resolve(SourcedValue(value, at: SourcePlace(root: block))).value
  }

  @Test func aProfileTakesItsOwnValueOrWhatHoldsOtherwise() throws {
    let standard = try resolved(value, for: .standard)
    #expect(standard["size"] == 2 && standard["length"] == 3)
    #expect(standard["list"] == .array(["a", "b", "c"]))
    #expect(try resolved(value, for: .paper)["size"] == 2)
  }

  @Test func whatIsNullIsLeftOutOfAList() throws {
    let list = try resolved(.array([try #require(value["list"])]), for: .quick)
    #expect(list == .array([.array(["a", "c"])]))
  }

  @Test func aProfileThatIsNotSpokenOfIsAnError() {
    #expect(throws: ManuscriptError.self) { try resolved(value, for: .quick) }
  }
}
