import LinearAlgebra
import Testing

/// What no program may do ends it, in release builds too.
@Suite struct EnforcementTests {
  @Test func anOverfullArenaEndsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let arena = Arena<Float>(capacity: Arena<Float>.footprint(rows: 3, columns: 5))
      _ = arena.take(rows: 3, columns: 5)
      _ = arena.take(rows: 1, columns: 1)
    }
  }

  @Test func aFullArenaDoesNot() async {
    await #expect(processExitsWith: .success) {
      let arena = Arena<Float>(capacity: 2 * Arena<Float>.footprint(rows: 3, columns: 5))
      _ = arena.take(rows: 3, columns: 5)
      _ = arena.take(rows: 3, columns: 5)
    }
  }

  @Test func rowsThatAreNotThereEndTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let arena = Arena<Float>(capacity: 64)
      _ = arena.take(rows: 3, columns: 5).prefix(rows: 4)
    }
    await #expect(processExitsWith: .failure) {
      let arena = Arena<Float>(capacity: 64)
      _ = arena.take(rows: 3, columns: 5).rows(2..<4)
    }
    await #expect(processExitsWith: .failure) {
      let arena = Arena<Float>(capacity: 64)
      arena.take(rows: 3, columns: 5).withRow(3) { _ in }
    }
  }

  @Test func aProductOfWrongShapesEndsTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let arena = Arena<Double>(capacity: 256)
      let (a, b) = (arena.take(rows: 3, columns: 5), arena.take(rows: 4, columns: 2))
      arena.take(rows: 3, columns: 2).setProduct(of: a, and: b)
    }
    await #expect(processExitsWith: .failure) {
      let arena = Arena<Double>(capacity: 256)
      let a = arena.take(rows: 4, columns: 4)
      Double.gemm(
        transposeA: false, transposeB: false, m: 4, n: 4, k: 4, alpha: 1, a: a.elements, strideA: 4,
        b: a.elements, strideB: 4, beta: 0, c: arena.take(rows: 4, columns: 4).elements, strideC: 3)
    }
  }
}
