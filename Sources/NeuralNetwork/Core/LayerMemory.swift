import LinearAlgebra

/// Hands out the working memory of a network's layers, once, before the first pass.
///
/// What layers keep for the backward pass has a place of its own. Gradients with respect to inputs are used up by
/// the layer below, so they share a few places in turn, unless they are to stay for measuring. Layers ask in the
/// order of the forward pass. A first round only counts; a second one hands out.
public final class LayerMemory<Scalar: Real> {
  /// What of a pass is to be read between the network's layers.
  public private(set) var retention: Retention
  /// Whether every gradient keeps a place of its own, to be read after the pass.
  public var retainsGradients: Bool { retention == .outputsAndGradients }
  /// Whether every layer's output is its own, so that none does the next one's work.
  public var retainsOutputs: Bool { retention != .nothing }
  /// The largest batch.
  public let batchSize: Int

  private var arena: Arena<Scalar>?
  private var size = 0
  /// The largest matrix that was asked for, by slot.
  private var slotSizes: [Int: Int] = [:]
  private var slots: [Int: Matrix<Scalar>] = [:]
  private var turn = 0

  init(batchSize: Int, retention: Retention) {
    self.batchSize = batchSize
    self.retention = retention
  }

  /// Counts what `body` asks for.
  ///
  /// - Returns: the scalars that it takes.
  func count(_ body: (LayerMemory) -> Void) -> Int {
    body(self)
    let shared = slotSizes.values.map { Arena<Scalar>.footprint(rows: 1, columns: $0) }
    return size + shared.reduce(0, +)
  }

  /// Counts in a first call of `body`, makes the memory, and hands it out in a second.
  func plan(_ body: (LayerMemory) -> Void) {
    let arena = Arena<Scalar>(capacity: count(body))
    for (slot, count) in slotSizes { slots[slot] = arena.take(rows: 1, columns: count) }
    self.arena = arena
    turn = 0
    body(self)
  }

  /// A matrix that keeps its contents until the layer overwrites it.
  public func take(rows: Int, columns: Int) -> Matrix<Scalar> {
    if let arena { return arena.take(rows: rows, columns: columns) }
    size += Arena<Scalar>.footprint(rows: rows, columns: columns)
    return Self.nowhere
  }

  /// A matrix for the gradient with respect to a layer's input, which holds until the layer two places further
  /// down writes its own.
  public func takeGradient(rows: Int, columns: Int) -> Matrix<Scalar> {
    turn += 1
    return takeGradient(rows: rows, columns: columns, slot: turn % 2)
  }

  /// A matrix for the input gradient of a layer that can write it over the output gradient: nil if it should.
  public func takeGradientUnlessInPlace(rows: Int, columns: Int) -> Matrix<Scalar>? {
    retainsGradients ? take(rows: rows, columns: columns) : nil
  }

  /// A matrix shared by all who ask for the same slot: 0 and 1 are those of ``takeGradient(rows:columns:)``, the
  /// others are for layers that hold a gradient while layers inside them go on.
  public func takeGradient(rows: Int, columns: Int, slot: Int) -> Matrix<Scalar> {
    if retainsGradients { return take(rows: rows, columns: columns) }
    if let place = slots[slot] {
      enforce(rows * columns <= place.count, "no more memory than was counted")
      return Matrix(elements: place.elements, rows: rows, columns: columns)
    }
    slotSizes[slot] = max(slotSizes[slot] ?? 0, rows * columns)
    return Self.nowhere
  }

  /// Lets the layers inside a composite layer take their memory in `body`: nobody reads what is between them,
  /// so it is not retained even where it is between the network's own layers.
  public func takeInside(_ body: () -> Void) {
    let kept = retention
    retention = .nothing
    body()
    retention = kept
  }

  /// Scratch space of a pass, shared by all layers; nothing in it survives from one layer to the next.
  public func takeScratch(rows: Int, columns: Int) -> Matrix<Scalar> {
    if let place = slots[Self.scratch] {
      enforce(rows * columns <= place.count, "no more memory than was counted")
      return Matrix(elements: place.elements, rows: rows, columns: columns)
    }
    slotSizes[Self.scratch] = max(slotSizes[Self.scratch] ?? 0, rows * columns)
    return Self.nowhere
  }

  private static var scratch: Int { -1 }

  /// What the first round hands out: no memory at all.
  private static var nowhere: Matrix<Scalar> {
    Matrix(
      elements: UnsafeMutablePointer<Scalar>(bitPattern: 64).unsafelyUnwrapped, rows: 0, columns: 0)
  }
}
