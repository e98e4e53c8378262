/// A chapter of small artifacts, one of every kind of experiment, in which most of what blocks can say is said once.
public enum TinyBlocks {
  public static var chapter: String { ([presets, family] + artifacts).joined(separator: "\n\n") }

  public static let presets = """
    ```presets shared
    {
      hidden: { hiddenSizes: [6, 4] },
      lines: [{ each: { "n color": [[1, 0], [2, 1]] }, id: "layer-{n}", label: "layer {n}", layers: "act_{n}",
        runs: ["mlp-training"], style: "{color} thin" }],
    }
    ```
    """

  public static let family = """
    ```family tiny-mlp
    {
      data: { set: "cifar-10", padding: 1, flip: true, trainingImages: 20, validationImages: 10 },
      model: { architecture: "mlp", use: "hidden", normalization: "batch", dropout: 0 },
      optimizer: { kind: "adam", learningRate: 0.001 },
      batchSize: 16, epochs: { quick: 1, otherwise: 2 }, snapshotEvery: 1,
      measure: { probeImages: 12, duplicateCosine: 0.95 },
      runs: [{ name: "training" }, { name: "clone", from: "training", clone: 2 }],
    }
    ```
    """

  public static let artifacts = [
    """
    ```artifact fig-u.1
    {
      experiment: "image-classification", title: "Runs", families: { mlp: "tiny-mlp" }, seeds: 1, columns: 2,
      aspect: 0.8,
      panels: [
        { id: "rank", title: "Rank", x: { label: "Step", per: 10 }, y: { label: "Rank", limits: [0, 9] },
          marks: [{ endOf: "mlp-training", label: "cloned" }, { at: 3, label: "three" }],
          labels: [{ text: "here", x: 1, y: 2 }], metric: "effectiveRank", series: "$lines" },
        { id: "loss", title: "Loss", x: "Step", y: { label: "Loss", scale: "logarithmic" },
          series: [{ id: "clone", label: "clone", runs: ["mlp-training", "mlp-clone"], metric: "trainingLoss",
            style: "1 dotted" }] },
      ],
      claims: [
        { id: "falls", says: "It falls", measure: "final(loss.clone) / initial(loss.clone) - 0.5 < 0.7" },
        { id: "level", says: "It stays", measure: "(mean(rank.layer-1) + at(rank.layer-2, 2)) * 2",
          comparison: "within", threshold: 100, profiles: ["quick"] },
      ],
    }
    ```
    """,
    """
    ```artifact fig-u.2
    {
      experiment: "image-classification", title: "Tasks", seeds: { quick: 1, otherwise: 3 },
      data: { set: "cifar-10", padding: 1, flip: true },
      model: { architecture: "cnn", channels: [2, 4], hiddenSizes: [4], normalization: "layer", dropout: 0.1 },
      optimizer: { kind: "sgd", learningRate: 0.01, momentum: 0.9,
        continualBackpropagation: { replacementRate: 0.01, maturity: 2, decay: 0.9 } },
      tasks: { count: 2, classes: 2, epochs: 1, imagesPerClass: 5, passes: 2 },
      batchSize: 8, snapshotEvery: 1, snapshotSteps: [1, 2], loss: "meanSquaredError",
      measure: { probeImages: 8, deadMagnitude: 1e-5, deadShare: 0.9, saturatedRatio: 0.1, saturatedShare: 0.9 },
      runs: [{ name: "all", label: "all", style: "0" }],
      panels: [{ id: "dead", title: "Dead", x: "Loss", y: "Dead", metric: "deadFraction", layers: "act_*",
        averagedOver: "task", against: "trainingLoss", style: { color: 0, line: "solid", dots: true, radius: 2 },
        series: [{ id: "all", label: "all", runs: ["all"] }] }],
      claims: [],
    }
    ```
    """,
    """
    ```artifact fig-u.3
    {
      experiment: "theory", title: "Theory",
      tables: {
        gap: { quantity: "quarticGap", activations: ["relu"], points: 3 },
        gain: { quantity: "rankGain", activations: ["relu"], sizes: [4], points: 2, seed: 40 },
        bias: { quantity: "modulation", activations: ["tanh"], parameter: "bias", from: -1, to: 1, points: 2 },
        trade: { quantity: "tradeOff", activations: ["relu"], points: 2, scales: [0.5, 2], biases: [-1, 1] },
        plane: { quantity: "confinement", inputs: [-1, 1], slopes: [3, 0.4], starts: [[0.5, 0.5]],
          leaver: [0.1, 0.1], perturbation: 0.01, duration: 10, points: 4 },
        drawn: { quantity: "mechanism", sizes: [2, 4, 2], seed: 40 },
      },
      panels: [{ id: "gap", title: "Gap", x: { label: "x" }, y: { label: "y" },
        series: [{ id: "relu", label: "ReLU", table: "gap", curve: "*", style: { color: 0, line: "solid" } },
          { id: "gain", label: "gain", table: "gain", curve: "relu-4", style: "1" }] }],
      claims: [{ id: "margin", says: "Above", measure: "minimum(gain.margin)", comparison: ">=", threshold: -1 }],
    }
    ```
    """,
    """
    ```artifact fig-u.4
    {
      experiment: "bit-flipping", title: "Bits", seeds: 2,
      stream: { bits: 8, flippingBits: 5, period: 40, targetUnits: 10, beta: 0.7, target: "released",
        examples: 800 },
      activation: "ReLU", widths: [4, 5],
      readings: { every: 8, activationsEvery: 40, window: 80, last: 160, samples: 32 },
      methods: {
        sgd: { learningRate: 0.01 },
        adam: { optimizer: "adam", learningRate: 0.001, dropout: 0.1, widths: [4, 5] },
        perturb: { learningRate: 0.01, weightDecay: 0.001, perturbation: { shrink: 0.99, variance: 1e-6 } },
        cbp: { learningRate: 0.01, continualBackpropagation: { variant: "published", replacementRate: 0.001,
          maturity: 10, decay: 0.9, from: 0.5 } },
      },
      panel: { x: { label: "Width", categories: ["4", "5"] }, y: { label: "y" } },
      panels: [
        { id: "bars", title: "Loss", series: [{ id: "sgd", label: "SGD", tables: ["sgd-4", "sgd-5"],
          curve: "last-loss", style: { color: 0, line: "solid", bars: true } }] },
        { id: "last", title: "Loss", right: { label: "again" }, series: [{ id: "adam", label: "Adam",
          tables: ["adam-4", "adam-5"], curve: "last-loss", onRight: true, style: "2 errorBars pale" }] },
      ],
      claims: [{ id: "low", says: "It is low", measure: "at(bars.sgd, 1)", comparison: "<", threshold: 9 }],
    }
    ```
    """,
    """
    ```artifact fig-u.5
    {
      experiment: "stability", title: "Curvature", seeds: 1,
      data: { set: "cifar-10", padding: 0, flip: false },
      model: { architecture: "mlp", hiddenSizes: [3], normalization: "none", dropout: 0 },
      optimizer: { kind: "sgd", learningRate: 0.05 }, batchSize: 16, epochs: 1, snapshotEvery: 1,
      examine: { factor: 2, images: 8, push: 1e-4, learningRate: 0.05, batches: 2, steps: 4 },
      runs: [{ name: "base" }],
      panels: [{ id: "share", title: "Share", x: "Epoch", y: "Share",
        series: [{ id: "base", label: "base", table: "base", curve: "share", style: "0 dashed" }] }],
      claims: [],
    }
    ```
    """,
    """
    ```artifact fig-u.6
    {
      experiment: "image-stretching", title: "Stretching", seeds: 1,
      data: { set: "cifar-10", padding: 0, flip: false },
      model: { architecture: "convnet", kernels: [5], channels: [3], hiddenSizes: [4, 3], normalization: "none",
        dropout: 0 },
      optimizer: { kind: "sgd", learningRate: 0.05 }, batchSize: 8, snapshotEvery: 1,
      tasks: { count: 2, classes: 2, epochs: 1, imagesPerClass: 8, evaluatesTraining: true },
      examine: { images: 3, places: 2 },
      runs: [{ name: "base" }],
      panels: [{ id: "secants", title: "Secants", x: "Task", y: "Exponent",
        series: [{ id: "base", label: "base", table: "base", curve: "within-secant-before", style: "0 dashed" }] }],
      claims: [],
    }
    ```
    """,
  ]
}
