import Foundation
import LinearAlgebra
import NeuralNetwork
import Testing

@Suite struct SnapshotTests {
  private let specification = MLPSpecification(
    inputSize: 3, hiddenSizes: [5], classes: 2, normalization: .batch)

  @Test func networksComeBackBitForBit() throws {
    try check(Float.self)
    try check(Double.self)
  }

  private func check<Scalar: Real>(_ type: Scalar.Type) throws {
    let folder = try TemporaryFolder()
    let network = specification.makeNetwork(of: type)
    network.initialize(seed: 1)
    network.buffers[0].parameter.value.fill(with: Scalar(0.1))
    try Snapshot.write(
      network.snapshotTensors(), metadata: ["step": "7", "quote": "\"é\""], to: folder.path("a"))
    let snapshot = try Snapshot(contentsOf: folder.path("a"))
    #expect(snapshot.metadata == ["step": "7", "quote": "\"é\""])
    let other = specification.makeNetwork(of: type)
    try other.load(snapshot)
    #expect(other.values.buffer.elementsEqual(network.values.buffer))
    for (mine, theirs) in zip(network.buffers, other.buffers) {
      #expect(mine.parameter.value.buffer.elementsEqual(theirs.parameter.value.buffer))
    }
    #expect(snapshot.tensors["linear_1.weight"]?.shape == [5, 3])
    #expect(snapshot.tensors["norm_1.num_batches_tracked"]?.shape == [])
  }

  /// The layout that the format's description gives, byte by byte.
  @Test func theFileIsSafetensors() throws {
    let folder = try TemporaryFolder()
    try Snapshot.write(
      [
        .init(name: "b", shape: [2], elements: .single([1, -2])),
        .init(name: "a", shape: [1, 1], elements: .double([0.5])),
        .init(name: "empty", shape: [0, 3], elements: .single([])),
      ], metadata: ["k": "v"], to: folder.path("a"))
    let bytes = [UInt8](try Data(contentsOf: folder.url.appendingPathComponent("a")))
    let length = Int(bytes[0]) + 256 * Int(bytes[1])
    #expect(bytes[2..<8].allSatisfy { $0 == 0 })
    #expect(length % 8 == 0 && bytes.count == 8 + length + 16)
    let header = try #require(
      JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: [String: Any]])
    #expect(header["__metadata__"] as? [String: String] == ["k": "v"])
    #expect(header["a"]?["dtype"] as? String == "F64")
    #expect(header["a"]?["data_offsets"] as? [Int] == [8, 16])
    #expect(header["b"]?["shape"] as? [Int] == [2])
    #expect(Array(bytes.suffix(16)) == [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f])
    let snapshot = try Snapshot(contentsOf: folder.path("a"))
    #expect(snapshot.tensors["empty"]?.elements == .single([]))
  }

  @Test func everyTruncationIsATypedError() throws {
    let folder = try TemporaryFolder()
    let network = specification.makeNetwork(of: Float.self)
    try Snapshot.write(network.snapshotTensors(), metadata: [:], to: folder.path("whole"))
    let whole = try Data(contentsOf: folder.url.appendingPathComponent("whole"))
    for count in stride(from: 0, to: whole.count, by: 13) {
      try whole.prefix(count).write(to: folder.url.appendingPathComponent("part"))
      #expect(throws: SnapshotError.self) { try Snapshot(contentsOf: folder.path("part")) }
    }
    try (whole + [0]).write(to: folder.url.appendingPathComponent("part"))
    #expect(
      throws: SnapshotError.wrongSize(
        path: folder.path("part"), expected: whole.count, actual: whole.count + 1)
    ) { try Snapshot(contentsOf: folder.path("part")) }
  }

  @Test(arguments: [
    "not json at all", "[]", "{\"a\":{\"dtype\":\"F32\"}}",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,-4]}}",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
    "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[9223372036854775807,4]}}",
    "{\"a\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[0,2]}}",
  ])
  func foreignHeadersAreTypedErrors(header: String) throws {
    let folder = try TemporaryFolder()
    var bytes = [UInt8](repeating: 0, count: 8)
    bytes[0] = UInt8(header.utf8.count)
    try Data(bytes + Array(header.utf8) + [UInt8](repeating: 0, count: 8))
      .write(to: folder.url.appendingPathComponent("foreign"))
    #expect(throws: SnapshotError.self) { try Snapshot(contentsOf: folder.path("foreign")) }
  }

  @Test func theErrorNamesFileAndTensor() throws {
    let folder = try TemporaryFolder()
    let network = specification.makeNetwork(of: Float.self)
    let path = folder.path("a")
    try Snapshot.write(Array(network.snapshotTensors().dropFirst()), metadata: [:], to: path)
    #expect(throws: SnapshotError.missingTensor(path: path, tensor: "linear_1.weight")) {
      try network.load(try Snapshot(contentsOf: path))
    }
    var wider = specification
    wider.hiddenSizes = [6]
    try Snapshot.write(wider.makeNetwork(of: Float.self).snapshotTensors(), metadata: [:], to: path)
    #expect(
      throws: SnapshotError.wrongShape(
        path: path, tensor: "linear_1.weight", expected: [5, 3], actual: [6, 3])
    ) { try network.load(try Snapshot(contentsOf: path)) }
    #expect(
      throws: SnapshotError.inputOutput(
        path: folder.path("no"), operation: "open the file", reason: "No such file or directory")
    ) { try Snapshot(contentsOf: folder.path("no")) }
    #expect(throws: SnapshotError.self) { try Snapshot(contentsOf: folder.url.path) }
  }

  @Test func whatCannotBeWrittenIsATypedError() throws {
    let tensor = Snapshot.Tensor(name: "a", shape: [3], elements: .single([1]))
    let folder = try TemporaryFolder()
    #expect(throws: SnapshotError.self) { try Snapshot.write([tensor], metadata: [:], to: folder.path("a")) }
    let good = Snapshot.Tensor(name: "a", shape: [1], elements: .single([1]))
    #expect(throws: SnapshotError.self) {
      try Snapshot.write([good, good], metadata: [:], to: folder.path("a"))
    }
    #expect(throws: SnapshotError.self) {
      try Snapshot.write([good], metadata: [:], to: folder.path("missing/a"))
    }
    // A device that is always full.
    #expect(
      throws: SnapshotError.inputOutput(
        path: "/dev/full", operation: "write", reason: "No space left on device")
    ) { try Snapshot.write([good], metadata: [:], to: "/dev/full") }
  }
}
