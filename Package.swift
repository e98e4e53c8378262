// swift-tools-version: 6.0
import PackageDescription

/// Bounds and overflow checks cost a third of the speed of inner loops; modules of arithmetic go without
/// them, modules that read foreign input keep them.
let arithmetic: [SwiftSetting] = [
  .unsafeFlags(["-Ounchecked", "-Xcc", "-march=native"], .when(configuration: .release))
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
    .target(name: "LinearAlgebra", dependencies: ["COpenBLAS"], swiftSettings: arithmetic),
    .target(name: "NeuralNetwork", dependencies: ["LinearAlgebra"], swiftSettings: arithmetic),
  ]
)
