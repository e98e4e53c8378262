import LinearAlgebra

/// The rate of a large single-precision product, in operations a second: what the processor can do.
func productRate() -> Double {
  let size = 1024
  let memory = Arena<Float>(capacity: 3 * size * size)
  let (a, b, c) = (
    memory.take(rows: size, columns: size), memory.take(rows: size, columns: size),
    memory.take(rows: size, columns: size)
  )
  let seconds = withExtendedLifetime(memory) {
    a.fill(with: 1)
    b.fill(with: 0.5)
    return stopwatch { for _ in 0..<4 { c.setProduct(of: a, and: b) } }
  }
  return 4 * 2 * Double(size) * Double(size) * Double(size) / seconds
}
