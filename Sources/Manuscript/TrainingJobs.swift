import ContentStore
import Experiments
import Figures
import ImageSources
import PreparedImages
import Specifications
import Training

/// The jobs that every family with trained networks begins with: data sets prepared, runs trained.
struct TrainingJobs {
  /// A trained run of one seed.
  struct Trained {
    let run: DeclaredRun
    let seed: UInt64
    let specification: TrainingSpecification
    let estimate: TrainingEstimate
    /// Of the images that it sees.
    let shape: ImageShape
    let classes: Int
    /// The inputs of whatever looks at the run: the data set and the run itself.
    let inputs: [JobInput]
    let job: PlannedJob
  }

  /// The images as figures name them.
  private(set) var dataSets: [DrawingSpecification.DataSet] = []
  /// The jobs of `prepare`.
  private(set) var preparations: [PlannedJob] = []
  /// Seed by seed, each run after the one that it starts from.
  private(set) var trained: [Trained] = []

  init(_ family: RunFamily, for artifact: ArtifactSpecification, in context: PlanningContext) throws {
    guard !artifact.seeds.isEmpty else { throw BlockProblem(path: ["seeds"], message: "is missing") }
    let builder = JobBuilder(artifact: artifact, context: context)
    var data: [Images: (input: JobInput, source: PlannedDataSource)] = [:]
    var sources: [String: PlannedDataSource] = [:]
    for set in Set(family.runs.map(\.specification.data.set)).sorted() {
      sources[set] = try Self.dataSource(set, in: context)
    }
    for images in Set(family.runs.map { Images($0.specification, from: sources) }).sorted() {
      guard let source = try sources[images.set]?.downsampled(by: images.downsample) else { continue }
      let planned = try builder.preparation(of: images.set, from: source, selection: images.selection)
      preparations.append(planned)
      let title = DrawingSpecification.DataSet(title: source.title, synthetic: source.isSynthetic)
      if !dataSets.contains(title) { dataSets.append(title) }
      // Whatever makes equal images, nothing has to be trained again for it.
      let contents = try context.preparedContents(planned.job)
      data[images] = (planned.input(named: "data", recipe: contents), source)
    }
    try requireJobs(saturatedProduct(2, family.runs.count, artifact.seeds.count), at: ["runs"])
    for seed in artifact.seeds {
      var done: [String: PlannedJob] = [:]
      for run in family.runs {
        var specification = run.specification
        specification.seed = seed
        guard let data = data[Images(specification, from: sources)] else { continue }
        if seed == artifact.seeds.first {
          do {
            try specification.model.validate(
              for: data.source.shape, classes: data.source.classes, batchSize: specification.batchSize)
          } catch { throw BlockProblem(path: error.keys, message: error.message) }
        }
        var inputs = [data.input]
        if let start = run.from.flatMap({ done[$0] }) { inputs.append(start.input(named: "start")) }
        let estimate = TrainingEstimate(specification, source: data.source)
        let job = builder.job(
          .train, subject: .run(run.name, seed: seed), parameters: try JSONValue(encoding: specification),
          inputs: inputs, cost: estimate.trainingCost, memory: estimate.trainingMemory)
        done[run.name] = job
        trained.append(
          Trained(
            run: run, seed: seed, specification: specification, estimate: estimate,
            shape: data.source.shape, classes: data.source.classes,
            inputs: [data.input, job.input(named: "run")],
            job: job))
      }
    }
  }

  /// How long epochs and tasks of the runs are.
  var scale: PanelScale {
    let runs = Dictionary(trained.map { ($0.run.name, $0) }, uniquingKeysWith: { first, _ in first })
    return PanelScale { name in runs[name].map { ($0.estimate.stepsOfEpoch, $0.estimate.stepsOfTask) } }
  }

  /// What is prepared once for all runs that see it.
  private struct Images: Hashable, Comparable {
    let set: String
    let downsample: Int
    let selection: ImageSelection

    /// - Parameter sources: by the sets' names.
    init(_ specification: TrainingSpecification, from sources: [String: PlannedDataSource]) {
      let data = specification.data
      set = data.set
      downsample = data.downsample ?? 1
      guard let source = sources[set] else {
        selection = ImageSelection()
        return
      }
      if let tasks = specification.tasks {
        let perClass = tasks.imagesPerClass.flatMap {
          $0 < source.trainingImages / source.classes ? $0 : nil
        }
        selection = ImageSelection(perClass: perClass)
      } else if let training = data.trainingImages, training < source.trainingImages {
        selection = ImageSelection(training: training, validation: data.validationImages)
      } else {
        // Validation images alone are not worth a preparation of its own.
        selection = ImageSelection()
      }
    }

    private var order: [Int] {
      [downsample] + [selection.training, selection.validation, selection.perClass].map { $0 ?? .max }
    }

    static func < (left: Images, right: Images) -> Bool {
      left.set == right.set ? left.order.lexicographicallyPrecedes(right.order) : left.set < right.set
    }
  }

  private static func dataSource(_ set: String, in context: PlanningContext) throws -> PlannedDataSource {
    do {
      return try context.dataSource(set)
    } catch DataSetError.unknownDataSet(let name, let known) {
      throw BlockProblem(
        path: ["data", "set"], message: "is '\(name)'; known: \(known.joined(separator: ", "))")
    }
  }
}
