import Testing

@testable import Console

private enum Profile: String, CaseIterable, OptionValue {
  case quick, standard, paper
}

@Suite struct CommandLineOptionsTests {
  private struct Tool {
    var options = CommandLineOptions(tool: "train", summary: "Trains one run.")
    let job: CommandLineOptions.Option<String>
    let store: CommandLineOptions.Option<String>
    let seeds: CommandLineOptions.Option<Int?>
    let rate: CommandLineOptions.Option<Double>
    let profile: CommandLineOptions.Option<Profile>
    let tags: CommandLineOptions.Option<[String]>
    let isQuiet: CommandLineOptions.Option<Bool>
    let files: CommandLineOptions.Option<[String]>

    init() {
      job = options.positional("JOB", String.self, help: "the job file")
      store = options.required("store", String.self, value: "FOLDER", help: "where results are")
      seeds = options.optional("seeds", Int.self, value: "N", in: .from(1...100), help: "number of seeds")
      rate = options.option("rate", Double.self, value: "R", default: 0.5, in: .above(0), help: "step size")
      profile = options.option("profile", Profile.self, value: "NAME", default: .quick, help: "how much")
      tags = options.repeated("tag", String.self, value: "TEXT", help: "a tag")
      isQuiet = options.flag("quiet", help: "no progress")
      files = options.positionals("FILE", String.self, help: "more files")
    }
  }

  @Test func parsesEveryForm() throws {
    let tool = Tool()
    let values = try tool.options.parse([
      "a.json", "--store=x=y", "--seeds", "3", "--tag", "p", "--quiet", "--tag=q", "--profile", "paper", "-5",
      "--",
      "--odd",
    ])
    #expect(values[tool.job] == "a.json")
    #expect(values[tool.store] == "x=y")
    #expect(values[tool.seeds] == 3)
    #expect(values[tool.rate] == 0.5)
    #expect(values[tool.profile] == .paper)
    #expect(values[tool.tags] == ["p", "q"])
    #expect(values[tool.isQuiet])
    #expect(values[tool.files] == ["-5", "--odd"])
  }

  @Test func leavesOutWhatIsOptional() throws {
    let tool = Tool()
    let values = try tool.options.parse(["a.json", "--store", "-x"])
    #expect(values[tool.store] == "-x")
    #expect(values[tool.seeds] == nil)
    #expect(values[tool.profile] == .quick)
    #expect(!values[tool.isQuiet])
    #expect(values[tool.files].isEmpty)
  }

  @Test func errorsAreTypedAndSuggest() {
    func expect(_ arguments: [String], _ error: CommandLineError) {
      #expect(throws: error) { try Tool().options.parse(arguments) }
    }
    expect(["j", "--sotre", "x"], .unknownOption("--sotre", suggestion: "--store"))
    expect(["j", "--xyzzy"], .unknownOption("--xyzzy", suggestion: nil))
    expect(["j", "-q"], .unknownOption("-q", suggestion: nil))
    expect(["j", "--store"], .missingValue(option: "--store", placeholder: "FOLDER"))
    expect(["j", "--store", "--quiet"], .missingValue(option: "--store", placeholder: "FOLDER"))
    expect(["j", "--store", "x", "--quiet=1"], .unexpectedValue(option: "--quiet", value: "1"))
    expect(
      ["j", "--store", "x", "--seeds", "two"],
      .badValue(option: "--seeds", value: "two", expected: "a whole number", suggestion: nil))
    expect(
      ["j", "--store", "x", "--profile", "papper"],
      .badValue(
        option: "--profile", value: "papper", expected: "one of quick, standard, paper", suggestion: "paper"))
    expect(
      ["j", "--store", "x", "--seeds", "0"], .outOfRange(option: "--seeds", value: "0", allowed: "1 to 100"))
    expect(
      ["j", "--store", "x", "--rate", "0"],
      .outOfRange(option: "--rate", value: "0", allowed: "more than 0.0"))
    expect(
      ["j", "--store", "x", "--rate", "nan"],
      .badValue(option: "--rate", value: "nan", expected: "a number", suggestion: nil))
    expect(["j"], .missingOption("--store"))
    expect(["--store", "x"], .missingArgument("JOB"))
    expect(["j", "--store", "x", "--store", "y"], .repeatedOption("--store"))
  }

  @Test func refusesSurplusArguments() {
    let options = CommandLineOptions(tool: "t", summary: "s")
    #expect(throws: CommandLineError.unexpectedArgument("x")) { try options.parse(["x"]) }
  }

  @Test func helpComesFromTheDeclarations() throws {
    let usage = """
      usage: train [options] JOB --store FOLDER [FILE…]

      Trains one run.

      arguments:
        JOB   the job file
        FILE  more files

      options:
        --store FOLDER  where results are (required)
        --seeds N       number of seeds (1 to 100)
        --rate R        step size (more than 0.0; default 0.5)
        --profile NAME  how much (quick, standard, paper; default quick)
        --tag TEXT      a tag (may be repeated)
        --quiet         no progress
        --help          print this

      """
    for word in ["--help", "-h"] {
      #expect(throws: HelpRequest(usage: usage)) { try Tool().options.parse([word]) }
    }
  }

  @Test func distanceCountsSwapsOnce() {
    #expect(Spelling.distance("sotre", "store") == 1)
    #expect(Spelling.distance("", "abc") == 3)
    #expect(Spelling.distance("kitten", "sitting") == 3)
    #expect(Spelling.closest(to: "--x", among: ["--abcdef"]) == nil)
  }
}
