import ContentStore
import ExperimentFamilies
import Foundation
import Manuscript
import Stages
import Testing

/// What a result depends on: the modules a change of which makes it again, and why each of them is among them. A new
/// import that lengthens one of these lists has to be argued for here.
@Suite struct StageClosureTests {
  /// Reasons that several lists share.
  private static let products = "every product of matrices, every random number"
  private static let kernels = "the library behind the products"
  private static let form = "the form of images on disk"
  private static let digests = "the digests of that form"
  private static let networks = "layers, losses, optimisers, remedies, models"
  private static let activations = "the formulas of activations"
  private static let clones = "the manifold of clones, and what certifies one"
  private static let batches = "which images a batch holds, and how they are varied"
  private static let training = "what a run is, and its tasks"
  private static let rows = "how numbers become text and text numbers"

  /// Stage, or family of `compute` → module → reason.
  private static let table: [String: [String: String]] = [
    "prepare": [
      "prepare": "the stage", "ImageSources": "reads, draws and downloads images", "PreparedImages": form,
      "LinearAlgebra": "the random numbers of the synthetic set", "COpenBLAS": kernels,
      "CArchive": "unpacks archives", "CCrypto": digests,
      "CJPEG": "decodes images",
    ],
    "train": [
      "train": "the stage", "Training": training, "ImageBatches": batches, "PreparedImages": form,
      "CCrypto": digests, "NeuralNetwork": networks, "Activations": activations, "Plasticity": clones,
      "LinearAlgebra": products, "COpenBLAS": kernels, "Tables": rows,
    ],
    "measure": [
      "measure": "the stage", "PlasticityMetrics": "the metrics", "Training": training,
      "ImageBatches": batches,
      "PreparedImages": form, "CCrypto": digests, "NeuralNetwork": networks, "Activations": activations,
      "Plasticity": clones, "LinearAlgebra": products, "COpenBLAS": kernels, "Tables": rows,
    ],
    "RankTheory": [
      "RankTheory": "the family", "Activations": activations, "LinearAlgebra": products, "COpenBLAS": kernels,
      "Tables": rows,
    ],
    "BitFlipping": [
      "BitFlipping": "the family", "LinearAlgebra": products, "COpenBLAS": kernels, "Tables": rows,
    ],
    "PlanarTasks": [
      "PlanarTasks": "the family", "NeuralNetwork": networks, "Activations": activations,
      "LinearAlgebra": products, "COpenBLAS": kernels, "Tables": rows,
    ],
    "LabelRules": [
      "LabelRules": "the family", "Training": "the rules, as runs use them", "ImageBatches": batches,
      "PreparedImages": form, "CCrypto": digests, "NeuralNetwork": networks, "Activations": activations,
      "Plasticity": clones, "LinearAlgebra": products, "COpenBLAS": kernels, "Tables": rows,
    ],
    "StretchingFields": [
      "StretchingFields": "the family", "PlanarTasks": "stretchings, and tasks to draw them on",
      "NeuralNetwork": networks, "Activations": activations, "LinearAlgebra": products, "COpenBLAS": kernels,
      "Tables": rows,
    ],
    "ImageStretching": [
      "ImageStretching": "the family", "PlanarTasks": "what exponents of pairs are", "Training": training,
      "ImageBatches": batches, "PreparedImages": form, "CCrypto": digests, "NeuralNetwork": networks,
      "Activations": activations, "Plasticity": clones, "LinearAlgebra": products, "COpenBLAS": kernels,
      "Tables": rows,
    ],
    "UnconstrainedFeatures": [
      "UnconstrainedFeatures": "the family", "LinearAlgebra": products, "COpenBLAS": kernels, "Tables": rows,
    ],
    "ManifoldStability": [
      "ManifoldStability": "the family", "Training": training, "ImageBatches": batches,
      "PreparedImages": form,
      "CCrypto": digests, "NeuralNetwork": networks, "Activations": activations, "Plasticity": clones,
      "LinearAlgebra": products, "COpenBLAS": kernels, "Tables": rows,
    ],
    "plot": [
      "plot": "the stage", "Charting": "draws", "CCairo": "draws", "CPango": "sets text",
      "Figures": "which numbers are a curve", "Tables": rows,
    ],
    "judge": [
      "judge": "the stage", "Claims": "expressions and verdicts", "Figures": "which numbers are a curve",
      "Tables": rows,
    ],
  ]

  private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  private static func record() throws -> SourceRecord {
    try SourceRecord(sourcesFolder: sources + "/Sources", packageManifest: sources + "/Package.swift")
  }

  @Test(arguments: table.keys.sorted()) func aChangeReachesTheseModulesAlone(_ name: String) throws {
    let found = try Self.record().fingerprint(of: name, excluding: Build.house).modules
    #expect(found == Self.table[name]?.keys.sorted())
  }

  /// `compute` is in no list: what it serves starts at the family's module.
  @Test func everyStageAndFamilyHasItsList() {
    let stages = Set(Stage.allCases.map(\.rawValue)).subtracting(["compute"])
    #expect(Set(Self.table.keys) == stages.union(ExperimentRegistry.families.map(\.module)))
  }

  @Test func theHouseIsWhatStagesAreMadeOfAndNoMore() throws {
    let modules = try Self.record().modules
    for name in Build.house {
      let imported = try #require(modules[name]).imports.filter { modules[$0] != nil }
      let allowed = Build.house.union(["CCrypto", "CCurl", "LinearAlgebra", "Tables"])
      #expect(Set(imported).isSubset(of: allowed), "\(name) imports \(imported)")
    }
  }
}
