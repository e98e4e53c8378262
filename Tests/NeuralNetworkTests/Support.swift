import Foundation
import LinearAlgebra
import NeuralNetwork

/// What PyTorch computed, in one precision, with memory for matrices.
final class Fixture<Scalar: Real> {
  let snapshot: Snapshot
  private let arena = Arena<Scalar>(capacity: 1 << 18)

  /// `single.safetensors` for `Float`, `double.safetensors` for `Double`, of the fixtures named `set` if given.
  ///
  /// - Parameter precision: the file of this precision, converted, instead of that of `Scalar`.
  init(_ set: String? = nil, precision: String? = nil) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures")
    let precision = precision ?? (Scalar.self == Double.self ? "double" : "single")
    let file = (set.map { "\($0)-" } ?? "") + "\(precision).safetensors"
    snapshot = try Snapshot(contentsOf: folder.appendingPathComponent(file).path)
  }

  struct Missing: Error { let name: String }

  func tensor(_ name: String) throws -> Snapshot.Tensor {
    guard let tensor = snapshot.tensors[name] else { throw Missing(name: name) }
    return tensor
  }

  /// A copy of a tensor as a matrix; vectors are one row.
  func matrix(_ name: String) throws -> Matrix<Scalar> {
    let tensor = try tensor(name)
    let rows = tensor.shape.count > 1 ? tensor.shape[0] : 1
    let matrix = arena.take(rows: rows, columns: tensor.elements.count / rows)
    tensor.copy(into: matrix)
    return matrix
  }

  func labels(_ name: String) throws -> [Int32] { try matrix(name).buffer.map { Int32($0) } }

  func empty(rows: Int, columns: Int) -> Matrix<Scalar> { arena.take(rows: rows, columns: columns) }

  /// Sets a layer's or network's tensors from those named `prefix`/name.
  func load(_ tensors: [(name: String, parameter: Parameter<Scalar>)], from prefix: String) throws {
    for (name, parameter) in tensors { try tensor("\(prefix)/\(name)").copy(into: parameter.value) }
  }

  /// ‖actual − expected‖ ÷ ‖expected‖, where `expected` is the tensor `name`; norms below `floor` count as it.
  func error(_ actual: Matrix<Scalar>, _ name: String, floor: Double = 1e-30) throws -> Double {
    relativeError(actual, try matrix(name), floor: floor)
  }
}

func norm<Scalar: Real>(_ matrix: Matrix<Scalar>) -> Double {
  matrix.buffer.map { Double($0) * Double($0) }.reduce(0, +).squareRoot()
}

func relativeError<Scalar: Real>(
  _ actual: Matrix<Scalar>, _ expected: Matrix<Scalar>, floor: Double = 1e-30
) -> Double {
  guard actual.count == expected.count else { return .infinity }
  let difference = zip(actual.buffer, expected.buffer).map { Double($0) - Double($1) }
  return difference.map { $0 * $0 }.reduce(0, +).squareRoot() / max(norm(expected), floor)
}

/// A temporary folder that goes when the value does.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("engine-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}
