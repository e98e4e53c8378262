// swift-tools-version: 6.0
import PackageDescription

/// The processors that release builds are for: that at hand, or all of a level such as `x86-64-v3`.
let instructionSet = Context.environment["ISA"] ?? "native"

/// Bounds and overflow checks cost a third of the speed of inner loops; modules of arithmetic go without
/// them, modules that read foreign input keep them. Without `-fno-math-errno` a vector square root becomes
/// sixteen scalar ones, each with a branch into the C library.
let arithmetic: [SwiftSetting] = [
  .unsafeFlags(
    ["-Ounchecked", "-Xcc", "-march=\(instructionSet)", "-Xcc", "-fno-math-errno"],
    .when(configuration: .release)),
  // Tests compute for minutes without it, and keep all checks with it.
  .unsafeFlags(["-O"], .when(configuration: .debug)),
]

/// For modules that both read foreign input and touch every pixel.
let native: [SwiftSetting] = [
  .unsafeFlags(["-Xcc", "-march=\(instructionSet)"], .when(configuration: .release))
]

let package = Package(
  name: "Barriers",
  targets: [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
    .systemLibrary(name: "CPango", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),

    .target(name: "LinearAlgebra", dependencies: ["COpenBLAS"], swiftSettings: arithmetic),
    .target(name: "Specifications"),
    .target(name: "Activations", swiftSettings: arithmetic),
    .target(
      name: "NeuralNetwork", dependencies: ["Activations", "LinearAlgebra", "Specifications"],
      swiftSettings: arithmetic),
    .target(
      name: "Plasticity", dependencies: ["NeuralNetwork", "LinearAlgebra"], swiftSettings: arithmetic),

    .target(name: "PreparedImages", dependencies: ["CCrypto"], swiftSettings: native),
    .target(
      name: "ImageBatches", dependencies: ["LinearAlgebra", "NeuralNetwork", "PreparedImages"],
      swiftSettings: native),
    .target(name: "Transfers", dependencies: ["CCurl"]),
    .target(
      name: "ImageSources",
      dependencies: ["CArchive", "CCrypto", "CJPEG", "LinearAlgebra", "PreparedImages", "Transfers"],
      swiftSettings: native),

    .target(name: "Tables"),
    .target(
      name: "Training",
      dependencies: [
        "ImageBatches", "LinearAlgebra", "NeuralNetwork", "Plasticity", "PreparedImages", "Specifications",
        "Tables",
      ],
      swiftSettings: native),
    .target(
      name: "PlasticityMetrics",
      dependencies: [
        "ContentStore", "ImageBatches", "LinearAlgebra", "NeuralNetwork", "PreparedImages", "Specifications",
        "Tables",
        "Training",
      ],
      swiftSettings: arithmetic),
    .target(name: "ContentStore", dependencies: ["CCrypto", "Specifications"]),
    .target(
      name: "Publishing", dependencies: ["CArchive", "ContentStore", "Specifications", "Transfers"]),
    .target(name: "Console"),
    .target(name: "BuildRecord"),
    .target(
      name: "Stages",
      dependencies: ["BuildRecord", "Console", "ContentStore", "LinearAlgebra", "Specifications"]),

    .target(name: "Experiments", dependencies: ["ContentStore", "Tables"]),
    .target(
      name: "RankTheory",
      dependencies: [
        "Activations", "ContentStore", "Experiments", "LinearAlgebra", "Specifications", "Tables",
      ],
      swiftSettings: arithmetic),
    .target(
      name: "BitFlipping",
      dependencies: ["ContentStore", "Experiments", "LinearAlgebra", "Specifications", "Tables"],
      swiftSettings: arithmetic),
    .target(
      name: "ManifoldStability",
      dependencies: [
        "ContentStore", "Experiments", "ImageBatches", "LinearAlgebra", "NeuralNetwork", "Plasticity",
        "PreparedImages", "Specifications", "Tables", "Training",
      ],
      swiftSettings: arithmetic),
    .target(
      name: "UnconstrainedFeatures",
      dependencies: ["ContentStore", "Experiments", "LinearAlgebra", "Specifications", "Tables"],
      swiftSettings: arithmetic),
    .target(
      name: "PlanarTasks",
      dependencies: [
        "ContentStore", "Experiments", "LinearAlgebra", "NeuralNetwork", "Specifications", "Tables",
      ],
      swiftSettings: arithmetic),
    .target(
      name: "LabelRules",
      dependencies: ["ContentStore", "Experiments", "Specifications", "Tables", "Training"]),
    .target(
      name: "StretchingFields",
      dependencies: [
        "ContentStore", "Experiments", "LinearAlgebra", "NeuralNetwork", "PlanarTasks", "Specifications",
        "Tables",
      ],
      swiftSettings: arithmetic),
    .target(
      name: "ImageStretching",
      dependencies: [
        "ContentStore", "Experiments", "ImageBatches", "LinearAlgebra", "NeuralNetwork", "PlanarTasks",
        "PreparedImages", "Specifications", "Tables", "Training",
      ],
      swiftSettings: arithmetic),
    .target(
      name: "ExperimentFamilies",
      dependencies: [
        "BitFlipping", "Experiments", "ImageStretching", "LabelRules", "ManifoldStability", "PlanarTasks",
        "RankTheory", "StretchingFields", "UnconstrainedFeatures",
      ]),

    .target(name: "Charting", dependencies: ["CCairo", "CPango"]),
    .target(name: "Figures", dependencies: ["ContentStore", "Specifications", "Tables"]),
    .target(name: "Claims", dependencies: ["ContentStore", "Figures", "Specifications"]),
    .target(
      name: "Manuscript",
      dependencies: [
        "Claims", "ContentStore", "ExperimentFamilies", "Experiments", "Figures", "ImageSources",
        "LinearAlgebra", "NeuralNetwork", "PlasticityMetrics", "PreparedImages", "Specifications", "Tables",
        "Training",
      ]),
    .target(
      name: "Report",
      dependencies: [
        "Claims", "Console", "ExperimentFamilies", "Experiments", "Figures", "Manuscript", "NeuralNetwork",
        "PreparedImages", "Tables", "Training",
      ]),

    .executableTarget(name: "fingerprint", dependencies: ["ContentStore"]),
    .executableTarget(
      name: "prepare",
      dependencies: [
        "Console", "ContentStore", "ImageSources", "PreparedImages", "Specifications", "Stages",
      ]),
    .executableTarget(
      name: "train",
      dependencies: ["Console", "ContentStore", "NeuralNetwork", "PreparedImages", "Stages", "Training"]),
    .executableTarget(
      name: "measure",
      dependencies: ["Console", "ContentStore", "PlasticityMetrics", "PreparedImages", "Stages", "Training"]),
    .executableTarget(
      name: "compute",
      dependencies: ["Console", "ContentStore", "ExperimentFamilies", "Experiments", "Stages"]),
    .executableTarget(
      name: "plot", dependencies: ["Charting", "Console", "ContentStore", "Figures", "Stages", "Tables"]),
    .executableTarget(
      name: "judge", dependencies: ["Claims", "Console", "ContentStore", "Figures", "Stages"]),
    .executableTarget(
      name: "weave",
      dependencies: [
        "Claims", "Console", "ContentStore", "ExperimentFamilies", "Figures", "ImageSources",
        "LinearAlgebra", "Manuscript", "NeuralNetwork", "PreparedImages", "Publishing", "Report",
        "Specifications", "Stages",
        "Tables", "Training",
      ]),
    .executableTarget(
      name: "bench",
      dependencies: [
        "BitFlipping", "Console", "ContentStore", "ExperimentFamilies", "Figures", "ImageSources",
        "LinearAlgebra", "Manuscript", "NeuralNetwork", "PlasticityMetrics", "PreparedImages", "Tables",
        "Training",
      ],
      swiftSettings: arithmetic),

    // What several test targets share.
    .target(name: "Mutations", dependencies: ["ContentStore"], path: "Tests/Mutations"),
    .target(
      name: "PublishedSamples", dependencies: ["ContentStore", "Publishing"], path: "Tests/PublishedSamples"),

    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"]),
    .testTarget(
      name: "NeuralNetworkTests", dependencies: ["Activations", "NeuralNetwork", "bench"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "PlasticityTests",
      dependencies: ["LinearAlgebra", "NeuralNetwork", "Plasticity", "PlasticityMetrics"]),
    .testTarget(
      name: "ManifoldStabilityTests",
      dependencies: [
        "ContentStore",
        "ImageSources", "LinearAlgebra", "ManifoldStability", "NeuralNetwork", "Plasticity",
        "PreparedImages", "Training",
      ]),
    .testTarget(
      name: "PlasticityMetricsTests",
      dependencies: [
        "ContentStore", "ImageBatches", "ImageSources", "LinearAlgebra", "NeuralNetwork", "PlasticityMetrics",
        "PreparedImages", "Tables", "Training",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "BitFlippingTests",
      dependencies: ["BitFlipping", "LinearAlgebra", "PlasticityMetrics", "Specifications", "Tables"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "RankTheoryTests", dependencies: ["Activations", "LinearAlgebra", "RankTheory", "Tables"]),
    .testTarget(
      name: "PlanarTasksTests",
      dependencies: [
        "ContentStore", "Experiments", "LinearAlgebra", "NeuralNetwork", "PlanarTasks", "Tables",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "LabelRulesTests", dependencies: ["ContentStore", "Experiments", "LabelRules", "Tables"]),
    .testTarget(
      name: "StretchingFieldsTests",
      dependencies: ["ContentStore", "Experiments", "StretchingFields", "Tables"]),
    .testTarget(
      name: "ImageStretchingTests",
      dependencies: [
        "ContentStore", "Experiments", "ImageSources", "ImageStretching", "LinearAlgebra", "NeuralNetwork",
        "PreparedImages", "Tables", "Training",
      ]),
    .testTarget(
      name: "UnconstrainedFeaturesTests",
      dependencies: ["ContentStore", "Experiments", "Tables", "UnconstrainedFeatures"]),
    .testTarget(
      name: "ImagesTests",
      dependencies: [
        "CArchive", "CJPEG", "ImageBatches", "ImageSources", "LinearAlgebra", "NeuralNetwork",
        "PreparedImages",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "ContentStoreTests", dependencies: ["ContentStore"]),
    .testTarget(
      name: "PublishingTests", dependencies: ["ContentStore", "PublishedSamples", "Publishing"]),
    .testTarget(
      name: "WeaveTests",
      dependencies: ["ContentStore", "PublishedSamples", "Publishing", "Training", "weave"]),
    .testTarget(name: "ConsoleTests", dependencies: ["Console"]),
    .testTarget(name: "TablesTests", dependencies: ["Tables"]),
    .testTarget(
      name: "BenchTests", dependencies: ["Figures", "Manuscript", "NeuralNetwork", "PreparedImages", "bench"]),
    .testTarget(name: "ChartingTests", dependencies: ["CCairo", "Charting"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "ImageBatches", "ImageSources", "LinearAlgebra", "NeuralNetwork", "Plasticity", "PreparedImages",
        "Specifications", "Training",
      ]),
    .testTarget(
      name: "ExtensionTests",
      dependencies: [
        "Activations", "ImageBatches", "ImageSources", "LinearAlgebra", "NeuralNetwork", "PlasticityMetrics",
        "PreparedImages", "Specifications", "Tables", "Training",
      ]),
    .testTarget(
      name: "ManuscriptTests",
      dependencies: [
        "Claims", "ContentStore", "ExperimentFamilies", "Experiments", "Figures", "ImageSources",
        "Manuscript", "NeuralNetwork", "PlasticityMetrics", "PreparedImages", "PublishedSamples", "Tables",
        "Training",
      ]),
    .testTarget(
      name: "FuzzTests",
      dependencies: [
        "BitFlipping", "Claims", "ContentStore", "ExperimentFamilies", "Experiments", "Figures",
        "ImageSources",
        "ManifoldStability", "Manuscript", "Mutations", "NeuralNetwork", "PlasticityMetrics",
        "PreparedImages", "PublishedSamples", "Publishing", "RankTheory", "Report", "Specifications",
        "Training",
        "plot", "weave",
      ]),
    .testTarget(
      name: "ReportTests",
      dependencies: [
        "Claims", "Figures", "Manuscript", "NeuralNetwork", "PreparedImages", "Report", "Tables", "Training",
      ]),
    .testTarget(
      name: "PlotTests",
      dependencies: [
        "Charting", "Claims", "ContentStore", "Figures", "Manuscript", "PlasticityMetrics", "Tables", "plot",
      ]),
    .testTarget(
      name: "StagesTests", dependencies: ["ContentStore", "ExperimentFamilies", "Manuscript", "Stages"]),
    .testTarget(name: "EndToEndTests", dependencies: ["ContentStore", "Mutations", "Publishing"]),
  ]
)
