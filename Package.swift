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

    .target(name: "PreparedImages", dependencies: ["CCrypto"], swiftSettings: native),
    .target(
      name: "ImageBatches", dependencies: ["LinearAlgebra", "NeuralNetwork", "PreparedImages"],
      swiftSettings: native),
    .target(
      name: "ImageSources",
      dependencies: ["CArchive", "CCrypto", "CCurl", "CJPEG", "LinearAlgebra", "PreparedImages"],
      swiftSettings: native),

    .target(name: "Tables"),
    .target(
      name: "Training",
      dependencies: [
        "ImageBatches", "LinearAlgebra", "NeuralNetwork", "Plasticity", "PreparedImages", "Tables",
      ],
      swiftSettings: native),
    .target(
      name: "PlasticityMetrics",
      dependencies: [
        "ImageBatches", "LinearAlgebra", "NeuralNetwork", "PreparedImages", "Tables", "Training",
      ],
      swiftSettings: arithmetic),
    .target(name: "RankTheory", dependencies: ["LinearAlgebra", "Tables"], swiftSettings: arithmetic),
    .target(
      name: "ManifoldStability",
      dependencies: [
        "ImageBatches", "LinearAlgebra", "NeuralNetwork", "Plasticity", "PreparedImages", "Tables",
        "Training",
      ],
      swiftSettings: arithmetic),
    .target(name: "BitFlipping", dependencies: ["LinearAlgebra", "Tables"], swiftSettings: arithmetic),

    .target(name: "ContentStore", dependencies: ["CCrypto"]),
    .target(name: "Console"),
    .target(name: "Charting", dependencies: ["CCairo", "CPango"]),
    .target(
      name: "Manuscript",
      dependencies: [
        "BitFlipping", "ContentStore", "ImageSources", "ManifoldStability", "PlasticityMetrics",
        "PreparedImages", "RankTheory", "Tables", "Training",
      ]),
    .target(
      name: "Report",
      dependencies: [
        "BitFlipping", "Console", "Manuscript", "NeuralNetwork", "PreparedImages", "Tables", "Training",
      ]),
    .target(name: "Stages", dependencies: ["Console", "ContentStore", "LinearAlgebra"]),

    .executableTarget(
      name: "prepare", dependencies: ["Console", "ContentStore", "ImageSources", "PreparedImages", "Stages"]),
    .executableTarget(
      name: "train",
      dependencies: ["Console", "ContentStore", "NeuralNetwork", "PreparedImages", "Stages", "Training"]),
    .executableTarget(
      name: "compute", dependencies: ["Console", "ContentStore", "RankTheory", "Stages"]),
    .executableTarget(
      name: "examine",
      dependencies: ["Console", "ContentStore", "ManifoldStability", "PreparedImages", "Stages", "Training"]),
    .executableTarget(
      name: "flip", dependencies: ["BitFlipping", "Console", "ContentStore", "Stages"]),
    .executableTarget(
      name: "measure",
      dependencies: ["Console", "ContentStore", "PlasticityMetrics", "PreparedImages", "Stages", "Training"]),
    .executableTarget(
      name: "plot",
      dependencies: [
        "Charting", "Console", "ContentStore", "Manuscript", "PreparedImages", "Stages", "Tables",
        "Training",
      ]),
    .executableTarget(
      name: "weave",
      dependencies: [
        "Console", "ContentStore", "ImageSources", "LinearAlgebra", "Manuscript", "Report", "Tables",
        "Training",
      ]),
    .executableTarget(
      name: "bench", dependencies: ["BitFlipping", "LinearAlgebra", "NeuralNetwork"],
      swiftSettings: arithmetic),

    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"]),
    .testTarget(
      name: "NeuralNetworkTests", dependencies: ["NeuralNetwork", "bench"], exclude: ["Fixtures"]),
    .testTarget(
      name: "PlasticityTests",
      dependencies: ["LinearAlgebra", "NeuralNetwork", "Plasticity", "PlasticityMetrics"]),
    .testTarget(
      name: "ManifoldStabilityTests",
      dependencies: [
        "ImageSources", "LinearAlgebra", "ManifoldStability", "NeuralNetwork", "Plasticity",
        "PreparedImages", "Training",
      ]),
    .testTarget(
      name: "PlasticityMetricsTests",
      dependencies: [
        "ImageBatches", "ImageSources", "LinearAlgebra", "NeuralNetwork", "PlasticityMetrics",
        "PreparedImages", "Tables", "Training",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "BitFlippingTests",
      dependencies: ["BitFlipping", "LinearAlgebra", "PlasticityMetrics", "Tables"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "RankTheoryTests", dependencies: ["LinearAlgebra", "RankTheory", "Tables"]),
    .testTarget(
      name: "ImagesTests",
      dependencies: [
        "CArchive", "CJPEG", "ImageBatches", "ImageSources", "LinearAlgebra", "NeuralNetwork",
        "PreparedImages",
      ],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "ContentStoreTests", dependencies: ["ContentStore"]),
    .testTarget(name: "ConsoleTests", dependencies: ["Console"]),
    .testTarget(name: "TablesTests", dependencies: ["Tables"]),
    .testTarget(name: "ChartingTests", dependencies: ["CCairo", "Charting"]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "ImageBatches", "ImageSources", "LinearAlgebra", "NeuralNetwork", "Plasticity", "PreparedImages",
        "Training",
      ]),
    .testTarget(
      name: "ManuscriptTests",
      dependencies: [
        "ContentStore", "ImageSources", "Manuscript", "PlasticityMetrics", "PreparedImages", "Training",
      ]),
    .testTarget(name: "ReportTests", dependencies: ["Manuscript", "Report", "Tables"]),
    .testTarget(
      name: "PlotTests", dependencies: ["ContentStore", "Manuscript", "PreparedImages", "plot"]),
    .testTarget(name: "EndToEndTests"),
  ]
)
