import Experiments
import Figures
import NeuralNetwork
import PlasticityMetrics
import Training

/// Checks that what series name will be measured, before anything is trained: a slip would be an empty curve.
struct MeasuredNames {
  /// Run → the names of its network's layers, whether units are copies, and on what it is measured.
  private var layers: [String: (names: [String], isClone: Bool, probes: [String])] = [:]
  private var known: [AnyModel: [String]] = [:]

  /// Makes a run known.
  mutating func add(_ trained: TrainingJobs.Trained, cloneFactor: Int, probes: [String]) {
    guard layers[trained.run.name] == nil else { return }
    let model = trained.specification.model
    let names =
      known[model]
      ?? model.network(for: trained.shape, classes: trained.classes).makeLayers(of: Float.self).map(\.name)
    known[model] = names
    layers[trained.run.name] = (names, cloneFactor > 1, probes)
  }

  /// - Throws: `BlockProblem` naming what would not be found.
  func validate(_ panels: [PanelSpecification]) throws {
    for (index, panel) in panels.enumerated() {
      for (place, series) in panel.series.enumerated() where series.runs != nil {
        try validate(series, at: ["panels", "\(index)", "series", "\(place)"])
      }
    }
  }

  private func validateProbe(of series: SeriesSpecification, at path: [String]) throws {
    guard let probe = series.probe else { return }
    for run in series.runs ?? [] {
      guard let known = layers[run]?.probes, !known.contains(probe) else { continue }
      throw BlockProblem(
        path: path + ["probe"],
        message:
          "is '\(probe)', on which '\(run)' is not measured; there are \(known.joined(separator: ", "))")
    }
  }

  private func validate(_ series: SeriesSpecification, at path: [String]) throws {
    let metrics = [("metric", series.metric), ("against", series.against), ("sizedBy", series.sizedBy)]
    for case (let key, let metric?) in metrics {
      if MeasuredQuantities.ofNetworks.contains(metric) { continue }
      let ofLayers = MeasuredQuantities.ofLayers
      guard ofLayers.contains(metric) else {
        throw BlockProblem(
          path: path + [key],
          message: "is '\(metric)', which nothing measures; of networks there are "
            + MeasuredQuantities.ofNetworks.joined(separator: ", ") + ", of layers "
            + ofLayers.joined(separator: ", "))
      }
      guard series.layers != nil else {
        throw BlockProblem(
          path: path + ["layers"], message: "is missing; '\(metric)' is measured of layers")
      }
      let runs = (series.runs ?? []).compactMap { layers[$0] }
      if MeasuredQuantities.ofClones.contains(metric), !runs.contains(where: \.isClone) {
        throw BlockProblem(
          path: path + [key], message: "is '\(metric)', and none of the series' runs is a clone")
      }
    }
    try validateProbe(of: series, at: path)
    guard let pattern = series.layers else { return }
    try validateLayers(pattern, of: series.runs ?? [], at: path)
    if let minus = series.minus { try validateLayers(pattern, of: minus, at: path) }
  }

  private func validateLayers(_ pattern: String, of runs: [String], at path: [String]) throws {
    let names = runs.compactMap { layers[$0]?.names }.flatMap { $0 }
    guard names.isEmpty || names.contains(where: { FigureData.matches($0, pattern: pattern) }) else {
      var seen: Set<String> = []
      throw BlockProblem(
        path: path + ["layers"],
        message: "is '\(pattern)', which no layer of its runs is called; there are "
          + names.filter { seen.insert($0).inserted }.joined(separator: ", "))
    }
  }
}
