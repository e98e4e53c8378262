import ContentStore
import Experiments
import Testing

@testable import Figures
@testable import Manuscript

@Suite struct AlternativesTests {
  private let value: JSONValue = [
    "size": .object(["quick": 1, "otherwise": 2]),
    "length": .object(["standard": 3, "paper": 4]),
    "list": .array(["a", .object(["quick": .null, "otherwise": "b"]), "c"]),
  ]

  private func resolved(
    _ value: JSONValue, for profile: Profile, dataSets: Set<String> = []
  ) throws -> JSONValue {
    let block = try Chapter(file: "t.md", text: "```family t\n{}\n```").families[0]
    return try Alternatives(profile: profile, dataSets: dataSets)
      .resolve(SourcedValue(value, at: SourcePlace(root: block))).value
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

  private let images: JSONValue = [
    "set": .object(["imagenet-32": "imagenet-32", "otherwise": "tiny-imagenet-200"]),
    "count": .object(["quick": 1, "otherwise": .object(["imagenet-32": 500, "otherwise": 100])]),
  ]

  @Test func aSetThatIsThereIsTaken() throws {
    let without = try resolved(images, for: .paper, dataSets: ["tiny-imagenet-200", "cifar-100"])
    #expect(without["set"] == "tiny-imagenet-200" && without["count"] == 100)
    let with = try resolved(images, for: .paper, dataSets: ["tiny-imagenet-200", "imagenet-32"])
    #expect(with["set"] == "imagenet-32" && with["count"] == 500)
    #expect(try resolved(images, for: .quick, dataSets: ["imagenet-32"])["count"] == 1)
  }

  @Test(arguments: [
    (["imagenet-32": 1], "('otherwise')"), (["imagenet-32": 1, "size": 2], "'size', which is none"),
    (["imagenet-32": 1, "quick": 2], "'imagenet-32', which is none"),
    (["otherwise": 1, "size": 2], "neither for a profile nor for a data set"),
  ])
  func alternativesThatCannotBeMeantAreErrors(_ members: [String: JSONValue], _ part: String) throws {
    let error = #expect(throws: ManuscriptError.self) { try resolved(.object(members), for: .quick) }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }
}
