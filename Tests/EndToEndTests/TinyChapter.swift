/// A chapter with one artifact, small enough to be made in a second, whose parts tests change.
struct TinyChapter {
  var learningRate = "0.01"
  var cloneNoise = "0.01"
  var baseEpochs = 2
  var cloneEpochs = 3
  var hidden = "[16, 16]"
  /// Architecture and sizes, if not an MLP.
  var model: String?
  var panelTitle = "Loss"
  var threshold = "0.5"
  var duplicateCosine = "0.95"
  var prose = "Some prose."
  var more = ""
  /// Values of all runs besides.
  var runValues = ""

  var text: String {
    """
    # A chapter

    \(prose)

    ```artifact fig-t.1
    {
      experiment: "image-classification",
      title: "A tiny figure",
      seeds: { quick: 1, standard: 2, paper: 2 },
      data: { set: "cifar-10", padding: 4, flip: true },
      model: { \(model ?? "architecture: \"mlp\", hiddenSizes: \(hidden)"), normalization: "batch", dropout: 0 },
      optimizer: { kind: "sgd", learningRate: \(learningRate) },
      batchSize: 16,
      epochs: \(cloneEpochs),
      snapshotEvery: 1,\(runValues)
      measure: { probeImages: 40, duplicateCosine: \(duplicateCosine) },
      runs: [
        { name: "training", epochs: \(baseEpochs) },
        { name: "base", from: "training" },
        { name: "clone", from: "training", clone: 2,
          optimizer: { kind: "noisySGD", noiseScale: \(cloneNoise), noiseDecay: 0.99 } },
      ],
      panels: [
        { id: "loss", title: "\(panelTitle)", x: { label: "Step" }, y: { label: "Loss" },
          marks: [{ endOf: "training", label: "cloned" }],
          series: [
            { id: "base", label: "base", runs: ["training", "base"], metric: "trainingLoss",
              style: { color: 0, line: "dotted" } },
            { id: "clone", label: "clone", runs: ["clone"], metric: "trainingLoss",
              style: { color: 1, line: "solid" } },
          ] },
        { id: "r2", title: "R²", x: { label: "Step" }, y: { label: "R²" },
          series: [
            { id: "clone", label: "clone", runs: ["clone"], metric: "cloningR2", layers: "act_*",
              style: { color: 1, line: "solid" } },
          ] },
      ],
      claims: [
        { id: "leaves", says: "The clone leaves", measure: "final(r2.clone)", comparison: "<",
          threshold: \(threshold) },
        { id: "later", says: "Only a long run tells", measure: "final(loss.clone) - final(loss.base)",
          comparison: "<", threshold: 0, profiles: ["paper"] },
      ],
      \(more)
    }
    ```
    """
  }
}
