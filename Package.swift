// swift-tools-version: 6.0
import PackageDescription

/// Bounds and overflow checks cost a third of the speed of inner loops; modules of arithmetic go without
/// them, modules that read foreign input keep them. Without `-fno-math-errno` a vector square root becomes
/// sixteen scalar ones, each with a branch into the C library.
let arithmetic: [SwiftSetting] = [
  .unsafeFlags(
    ["-Ounchecked", "-Xcc", "-march=native", "-Xcc", "-fno-math-errno"], .when(configuration: .release))
]

/// For modules that both read foreign input and touch every pixel.
let native: [SwiftSetting] = [
  .unsafeFlags(["-Xcc", "-march=native"], .when(configuration: .release))
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
    .target(name: "NeuralNetwork", dependencies: ["LinearAlgebra"], swiftSettings: arithmetic),
    .target(
      name: "Plasticity", dependencies: ["NeuralNetwork", "LinearAlgebra"], swiftSettings: arithmetic),
    .target(
      name: "ManifoldStability", dependencies: ["LinearAlgebra", "NeuralNetwork", "Plasticity"],
      swiftSettings: arithmetic),
    .target(name: "BitFlipping", dependencies: ["LinearAlgebra"], swiftSettings: arithmetic),
    .target(name: "PlasticityMetrics", dependencies: ["LinearAlgebra"], swiftSettings: arithmetic),
    .target(
      name: "DataSets", dependencies: ["LinearAlgebra", "CArchive", "CCrypto", "CCurl", "CJPEG"],
      swiftSettings: native),
    .target(name: "Tables"),
    .target(name: "ContentStore", dependencies: ["CCrypto"]),
    .target(name: "Console"),
    .target(name: "Charting", dependencies: ["CCairo", "CPango"]),
    .target(
      name: "Experiments",
      dependencies: ["DataSets", "LinearAlgebra", "NeuralNetwork", "Plasticity", "Tables"],
      swiftSettings: native),
    .target(
      name: "Measurements",
      dependencies: [
        "DataSets", "Experiments", "LinearAlgebra", "NeuralNetwork", "PlasticityMetrics", "Tables",
      ],
      swiftSettings: native),
    .target(name: "RankTheory", dependencies: ["LinearAlgebra"], swiftSettings: arithmetic),
    .target(
      name: "StabilityTables",
      dependencies: [
        "DataSets", "Experiments", "LinearAlgebra", "ManifoldStability", "NeuralNetwork", "Plasticity",
        "Tables",
      ],
      swiftSettings: native),
    .target(
      name: "BitFlippingTables", dependencies: ["BitFlipping", "LinearAlgebra", "Tables"],
      swiftSettings: native),
    .target(name: "TheoryTables", dependencies: ["LinearAlgebra", "RankTheory", "Tables"]),
    .target(
      name: "Manuscript",
      dependencies: [
        "BitFlipping", "BitFlippingTables", "ContentStore", "DataSets", "Experiments", "StabilityTables",
        "Tables", "TheoryTables",
      ]),
    .target(
      name: "Report",
      dependencies: [
        "BitFlipping", "BitFlippingTables", "Console", "Experiments", "Manuscript", "NeuralNetwork", "Tables",
      ]),
    .target(name: "Stages", dependencies: ["Console", "ContentStore", "LinearAlgebra"]),

    .executableTarget(
      name: "prepare", dependencies: ["Console", "ContentStore", "DataSets", "Experiments", "Stages"]),
    .executableTarget(
      name: "train",
      dependencies: ["Console", "ContentStore", "DataSets", "Experiments", "NeuralNetwork", "Stages"]),
    .executableTarget(
      name: "compute", dependencies: ["Console", "ContentStore", "Stages", "TheoryTables"]),
    .executableTarget(
      name: "examine",
      dependencies: ["Console", "ContentStore", "DataSets", "Experiments", "StabilityTables", "Stages"]),
    .executableTarget(
      name: "flip", dependencies: ["BitFlippingTables", "Console", "ContentStore", "Stages"]),
    .executableTarget(
      name: "measure",
      dependencies: ["Console", "ContentStore", "DataSets", "Experiments", "Measurements", "Stages"]),
    .executableTarget(
      name: "plot",
      dependencies: [
        "Charting", "Console", "ContentStore", "DataSets", "Experiments", "Manuscript", "Stages",
        "Tables",
      ]),
    .executableTarget(
      name: "weave", dependencies: ["Console", "ContentStore", "DataSets", "Manuscript", "Report", "Tables"]),
    .executableTarget(
      name: "bench", dependencies: ["BitFlipping", "BitFlippingTables", "LinearAlgebra", "NeuralNetwork"],
      swiftSettings: arithmetic),

    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"]),
    .testTarget(
      name: "NeuralNetworkTests", dependencies: ["NeuralNetwork", "bench"], exclude: ["Fixtures"]),
    .testTarget(
      name: "PlasticityTests",
      dependencies: ["LinearAlgebra", "NeuralNetwork", "Plasticity", "PlasticityMetrics"]),
    .testTarget(
      name: "ManifoldStabilityTests",
      dependencies: ["LinearAlgebra", "ManifoldStability", "NeuralNetwork", "Plasticity"]),
    .testTarget(
      name: "PlasticityMetricsTests", dependencies: ["LinearAlgebra", "PlasticityMetrics"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "BitFlippingTests", dependencies: ["BitFlipping", "LinearAlgebra", "PlasticityMetrics"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "BitFlippingTablesTests", dependencies: ["BitFlipping", "BitFlippingTables", "Tables"]),
    .testTarget(
      name: "StabilityTablesTests",
      dependencies: ["DataSets", "Experiments", "NeuralNetwork", "StabilityTables"]),
    .testTarget(name: "TheoryTablesTests", dependencies: ["Tables", "TheoryTables"]),
    .testTarget(name: "RankTheoryTests", dependencies: ["LinearAlgebra", "RankTheory"]),
    .testTarget(
      name: "DataSetsTests", dependencies: ["CArchive", "CJPEG", "DataSets", "LinearAlgebra"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "ContentStoreTests", dependencies: ["ContentStore"]),
    .testTarget(name: "ConsoleTests", dependencies: ["Console"]),
    .testTarget(name: "TablesTests", dependencies: ["Tables"]),
    .testTarget(name: "ChartingTests", dependencies: ["CCairo", "Charting"]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: ["DataSets", "Experiments", "LinearAlgebra", "NeuralNetwork", "Plasticity"]),
    .testTarget(
      name: "MeasurementsTests",
      dependencies: [
        "DataSets", "Experiments", "LinearAlgebra", "Measurements", "NeuralNetwork", "PlasticityMetrics",
        "Tables",
      ]),
    .testTarget(
      name: "ManuscriptTests", dependencies: ["ContentStore", "DataSets", "Experiments", "Manuscript"]),
    .testTarget(name: "ReportTests", dependencies: ["Manuscript", "Report", "Tables"]),
    .testTarget(name: "PlotTests", dependencies: ["ContentStore", "DataSets", "Manuscript", "plot"]),
    .testTarget(name: "EndToEndTests"),
  ]
)
