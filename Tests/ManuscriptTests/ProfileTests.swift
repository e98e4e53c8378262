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

  @Test func aProfileTakesItsOwnValueOrWhatHoldsOtherwise() throws {
    let standard = try Profile.standard.resolve(value)
    #expect(standard["size"] == 2 && standard["length"] == 3)
    #expect(standard["list"] == .array(["a", "b", "c"]))
    #expect(try Profile.paper.resolve(value)["size"] == 2)
  }

  @Test func whatIsNullIsLeftOutOfAList() throws {
    let list = try Profile.quick.resolve(.array([try #require(value["list"])]))
    #expect(list == .array([.array(["a", "c"])]))
  }

  @Test func aProfileThatIsNotSpokenOfIsAnError() {
    #expect(throws: BlockProblem.self) { try Profile.quick.resolve(value) }
  }
}
