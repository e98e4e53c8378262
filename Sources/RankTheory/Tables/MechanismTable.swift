extension TheoryTable {
  /// Two drawings of a ``SmallNetwork``, one above the other: with its second hidden unit frozen, and with its
  /// third a copy of its second. What is grey and what is paired is read off the gradient.
  ///
  /// Drawn: `frozen-still-weight-*`, the weights whose gradient is zero, and `frozen-moving-weight-*`, the others;
  /// `frozen-still-units`, the hidden units all of whose incoming weights are still, and `frozen-moving-units`;
  /// `cloned-twin-weight-*`, the weights whose gradient equals, bit for bit, that of the same weight of another unit,
  /// `cloned-single-weight-*`, `cloned-twin-units` and `cloned-single-units` likewise.
  ///
  /// For claims: `frozen-gradient`, |∂L/∂w| of the weights that enter the frozen unit, and `clone-difference`,
  /// the absolute differences between the gradients of the two clones.
  static func addMechanism(_ specification: TheorySpecification, to rows: inout CurveRows) {
    guard let sizes = specification.sizes, let seed = specification.seed else { return }
    let (first, second) = (1, 2)

    var frozen = SmallNetwork(sizes: sizes, seed: seed)
    frozen.freeze(first)
    let frozenGradient = Edges(frozen.gradient())
    for value in frozenGradient.incoming[first] { rows.add("frozen-gradient", 0, abs(value)) }
    let top = NetworkDrawing(sizes: sizes, bottom: Double(sizes.max() ?? 0) + 1)
    top.add(
      "frozen", kinds: ("still", "moving"), to: &rows, edge: { frozenGradient.value($0, $1, $2) == 0 },
      unit: { frozenGradient.incoming[$0].allSatisfy { $0 == 0 } })

    var cloned = SmallNetwork(sizes: sizes, seed: seed)
    cloned.copy(first, to: second)
    let gradient = Edges(cloned.gradient())
    for (one, other) in zip(gradient.all(of: first), gradient.all(of: second)) {
      rows.add("clone-difference", 0, abs(one - other))
    }
    func hasTwin(_ unit: Int) -> Bool {
      (0..<sizes[1]).contains { $0 != unit && gradient.all(of: $0) == gradient.all(of: unit) }
    }
    let bottom = NetworkDrawing(sizes: sizes, bottom: 0)
    bottom.add(
      "cloned", kinds: ("twin", "single"), to: &rows, edge: { _, unit, _ in hasTwin(unit) }, unit: hasTwin)
  }
}

/// A gradient by hidden unit.
private struct Edges {
  /// Hidden unit, then input.
  let incoming: [[Double]]
  /// Hidden unit, then output.
  let outgoing: [[Double]]

  init(_ gradient: (incoming: [[Double]], outgoing: [[Double]])) {
    incoming = gradient.incoming
    outgoing = gradient.incoming.indices.map { unit in gradient.outgoing.map { $0[unit] } }
  }

  func value(_ isIncoming: Bool, _ unit: Int, _ end: Int) -> Double {
    isIncoming ? incoming[unit][end] : outgoing[unit][end]
  }

  func all(of unit: Int) -> [Double] { incoming[unit] + outgoing[unit] }
}

/// Places of units: layers from left to right, three units of length apart, each layer centred, its first unit on top.
private struct NetworkDrawing {
  let sizes: [Int]
  /// Where the drawing's lowest unit lies at least.
  let bottom: Double

  private func place(_ layer: Int, _ unit: Int) -> (x: Double, y: Double) {
    let middle = bottom + Double((sizes.max() ?? 1) - 1) / 2
    return (3 * Double(layer), middle + Double(sizes[layer] - 1) / 2 - Double(unit))
  }

  /// - Parameters:
  ///   - kinds: names for what is chosen and for what is not.
  ///   - edge: whether a weight is chosen: whether it enters its hidden unit, the unit, the input or output.
  ///   - unit: whether a hidden unit is chosen.
  func add(
    _ name: String, kinds: (chosen: String, other: String), to rows: inout CurveRows,
    edge: (Bool, Int, Int) -> Bool, unit isChosen: (Int) -> Bool
  ) {
    for unit in 0..<sizes[1] {
      let hidden = place(1, unit)
      for (layer, isIncoming) in [(0, true), (2, false)] {
        for end in 0..<sizes[layer] {
          let kind = edge(isIncoming, unit, end) ? kinds.chosen : kinds.other
          let curve = "\(name)-\(kind)-weight-\(layer)-\(unit)-\(end)"
          let place = place(layer, end)
          rows.add(curve, place.x, place.y)
          rows.add(curve, hidden.x, hidden.y)
        }
      }
      rows.add("\(name)-\(isChosen(unit) ? kinds.chosen : kinds.other)-units", hidden.x, hidden.y)
    }
    for layer in [0, 2] {
      for unit in 0..<sizes[layer] {
        let place = place(layer, unit)
        rows.add("\(name)-\(kinds.other)-units", place.x, place.y)
      }
    }
  }
}
