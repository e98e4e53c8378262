import Console
import ContentStore
import ImageSources
import PreparedImages
import Specifications
import Stages

/// Turns official files, or the recipe of the synthetic set, into the pipeline's own form of a data set.
@main
enum Prepare {
  static func main() {
    var dataFolder: CommandLineOptions.Option<String>?
    var download: CommandLineOptions.Option<Bool>?
    let runner = StageRunner(
      tool: "prepare", summary: "Brings a data set into the form that training reads, or fetches it."
    ) { options in
      dataFolder = options.option(
        "data-dir", String.self, value: "FOLDER", default: "data", help: "where the official files are")
      download = options.flag("download", help: "fetch the official archives into the data folder")
    }
    guard let dataFolder, let download else { preconditionFailure("both options were just declared") }
    runner.run(
      withoutJob: { arguments in
        guard arguments[download] else { throw StageError.noJob }
        try fetchAll(into: arguments[dataFolder])
      },
      body: { context in
        let specification: PreparationSpecification = try context.job.parameters.decoded()
        try requireLine(specification.set, upTo: 100, "set")
        try requireLine(specification.digest, upTo: 200, "digest")
        try require(specification.downsample ?? 1, in: 1...16, "downsample")
        let selection = specification.selection ?? ImageSelection()
        for (count, key) in [
          (selection.training, "training"), (selection.validation, "validation"),
          (selection.perClass, "perClass"),
        ] {
          try require(count ?? 1, in: 1...Int(Int32.max), "selection.\(key)")
        }
        let source = try DataSetLocator(dataFolder: context.arguments[dataFolder])
          .source(of: specification.set, choice: specification.synthetic ? .synthetic : .real)
        guard try source.contentDigest() == specification.digest else {
          throw ChangedSource(set: specification.set, folder: context.arguments[dataFolder])
        }
        let progress = context.progress(total: 1)
        try source.prepare(
          into: context.folder, downsampling: Downsampling(factor: specification.downsample ?? 1),
          selection: selection, sourceDigest: specification.digest
        ) {
          progress.update(done: $0)
          try Interruption.check()
        }
        progress.finish()
        return ["images.bin", "labels.bin", "dataset.json"]
      })
  }

  private static func fetchAll(into folder: String) throws {
    for archive in DataSetDescription.all.compactMap(\.archive) {
      let progress = ProgressReporter(title: archive.fileName, total: Double(archive.byteCount ?? 0))
      try Download(archive: archive, dataFolder: folder).run { received, _ in
        progress.update(done: Double(received), note: Format.bytes(received))
      }
      progress.finish()
    }
  }
}

/// The official files are not those that the graph was made for.
struct ChangedSource: Error, Equatable, CustomStringConvertible {
  let set: String
  let folder: String
  var description: String {
    "\(set): the official files in \(folder) changed since the graph was made; run 'make' again"
  }
}
