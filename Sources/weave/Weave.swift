import Console
import ContentStore
import Foundation
import Manuscript

/// Reads the chapters: makes the graph, publishes results, and says what is there, what is missing and why.
@main
enum Weave {
  private static let commands: [(name: String, summary: String, run: @Sendable ([String]) throws -> Void)] = [
    ("tangle", "Writes the makefile of everything that the chapters ask for.", TangleCommand.run),
    ("publish", "Copies an artifact's files out of the store and prints its claims.", PublishCommand.run),
    ("share", "Writes results, for anyone to draw from and to check, into a folder.", ShareCommand.run),
    ("pull", "Fetches a published result into the store.", PullCommand.run),
    ("challenge", "Repeats some of the published runs here and compares.", ChallengeCommand.run),
    ("summary", "Says what a make has made, once its last goal is reached.", SummaryCommand.run),
    ("table", "Writes a table of what the figures' records and the plan say.", TableCommand.run),
    ("paper", "Weaves the chapters with their results into the report.", PaperCommand.run),
    ("gallery", "Writes a page of the figures in a folder.", GalleryCommand.run),
    ("manifests", "Copies the manifests of all results that figures rest on.", ManifestsCommand.run),
    ("crate", "Writes the RO-Crate metadata of an artifact pack.", CrateCommand.run),
    ("record", "Keeps a figure's record and numbers with the chapters.", RecordCommand.run),
    ("artifact", "Says that an artifact is unknown, and which there are.", ArtifactCommand.run),
    ("expand", "Writes out what blocks mean at a profile, as JSON.", ExpandCommand.run),
    ("status", "Says what is cached, what would run, and how long that would take.", StatusCommand.run),
    ("why", "Says which input changed, for everything that would run.", WhyCommand.run),
    ("verify", "Digests every entry of the store again and sets damaged ones aside.", VerifyCommand.run),
    ("prune", "Drops the entries that no artifact refers to.", PruneCommand.run),
    ("request", "Says what a scheduler should be asked for a job.", RequestCommand.run),
    ("machine", "Says what this machine is to the programs.", MachineCommand.run),
    ("needs", "Says which job needs most memory.", NeedsCommand.run),
    ("release", "Drops the snapshots of a measured run, all but the last.", ReleaseCommand.run),
  ]

  static func main() {
    Console.run(tool: "weave") {
      let arguments = Array(CommandLine.arguments.dropFirst())
      guard let name = arguments.first, !["--help", "-h", "help"].contains(name) else {
        print("usage: weave COMMAND [OPTIONS]; 'weave COMMAND --help' says more\n")
        var table = TextTable(.left("command"), .left("what it does"))
        for command in commands { table.add([command.name, command.summary]) }
        print(table.text())
        return
      }
      guard let command = commands.first(where: { $0.name == name }) else {
        throw UnknownCommand(name: name, known: commands.map(\.name))
      }
      try command.run(Array(arguments.dropFirst()))
    }
  }
}

/// `weave` was called with a word that is no command.
struct UnknownCommand: Error, Equatable, CustomStringConvertible {
  let name: String
  let known: [String]
  var description: String { "'\(name)' is no command; there are: \(known.joined(separator: ", "))" }
}
