import Foundation
import LinearAlgebra
import NeuralNetwork

/// Mixes the samples of a batch and sets their targets. Nothing is allocated while it works.
final class Mixer {
  private let specification: MixupSpecification
  private let key: RandomStream.Key
  private let memory: Arena<Float>
  /// The samples before they are mixed.
  private let originals: Matrix<Float>
  private var partners: [Int32]

  /// - Parameters:
  ///   - capacity: the most samples of a batch.
  ///   - inputSize: features of a sample.
  ///   - seed: names, with the purpose "mixup", the random streams.
  init(_ specification: MixupSpecification, capacity: Int, inputSize: Int, seed: UInt64) {
    self.specification = specification
    key = RandomStream.Key(seed: seed, purpose: "mixup")
    memory = Arena(capacity: Arena<Float>.footprint(rows: capacity, columns: inputSize))
    originals = memory.take(rows: capacity, columns: inputSize)
    partners = [Int32](repeating: 0, count: capacity)
  }

  /// Mixes a batch with labels and room for soft targets.
  ///
  /// - Parameter step: names the draws.
  func mix(_ batch: Batch<Float>, step: UInt64) {
    guard let targets = batch.targets else { fatalError("a batch without room for soft targets") }
    let (count, inputs) = (batch.count, batch.inputs)
    originals.prefix(rows: count).copy(from: inputs)
    targets.fill(with: 0)
    var stream = RandomStream(key, index: step)
    for row in 0..<count { partners[row] = Int32(row) }
    for last in stride(from: count - 1, to: 0, by: -1) {
      partners.swapAt(last, Int(stream.integer(below: UInt32(last + 1))))
    }
    let labels = batch.labels
    for row in 0..<count {
      let partner = Int(partners[row])
      // Drawn for every sample, so that what one needs shifts no other.
      let weight = drawWeight(from: &stream)
      let draw = stream.nextWord()
      let (own, other) = (labels[labels.startIndex + row], labels[labels.startIndex + partner])
      if own != other, specification.mixesBetween {
        mix(row, with: partner, weight: Float(weight), in: inputs)
        targets[row, Int(own)] = Float(weight)
        targets[row, Int(other)] = Float(1 - weight)
      } else if own == other, specification.mixesWithin {
        mix(row, with: partner, weight: Float(weight), in: inputs)
        let sureness = specification.sureness(at: weight)
        let opponent = Self.another(than: own, in: batch, draw: draw)
        targets[row, Int(own)] = Float(sureness)
        targets[row, Int(opponent)] += Float(1 - sureness)
      } else {
        smooth(row, own, targets: targets, active: batch.activeClasses)
      }
    }
  }

  /// m, by Jöhnk's method where it is not uniform: two powers of uniform numbers that together do not exceed 1 have shares
  /// of their sum that are Beta(α, α).
  private func drawWeight(from stream: inout RandomStream) -> Double {
    guard let concentration = specification.concentration else { return stream.uniform() }
    while true {
      let (one, other) = (
        pow(stream.uniform(), 1 / concentration), pow(stream.uniform(), 1 / concentration)
      )
      let sum = one + other
      if sum > 0, sum <= 1 { return one / sum }
    }
  }

  private func mix(_ row: Int, with partner: Int, weight: Float, in inputs: Matrix<Float>) {
    let size = inputs.columns
    let target = inputs.elements + row * size
    let (own, other) = (originals.elements + row * size, originals.elements + partner * size)
    for place in 0..<size { target[place] = weight * own[place] + (1 - weight) * other[place] }
  }

  private func smooth(_ row: Int, _ label: Int32, targets: Matrix<Float>, active: [Int32]?) {
    let smoothing = specification.smoothing ?? 0
    if smoothing > 0 {
      if let active {
        for other in active { targets[row, Int(other)] = Float(smoothing / Double(active.count)) }
      } else {
        for other in 0..<targets.columns { targets[row, other] = Float(smoothing / Double(targets.columns)) }
      }
    }
    targets[row, Int(label)] += Float(1 - smoothing)
  }

  /// An active class other than `label`, each as likely; `label` if there is no other.
  private static func another(than label: Int32, in batch: Batch<Float>, draw: UInt32) -> Int32 {
    let count = batch.activeClasses?.count ?? batch.classCount
    guard count > 1 else { return label }
    let place = Int(UInt64(draw) * UInt64(count - 1) >> 32)
    guard let active = batch.activeClasses else {
      return Int32(place) < label ? Int32(place) : Int32(place) + 1
    }
    // Of the others in their order: those behind the label are one place further.
    var others = 0
    for candidate in active where candidate != label {
      if others == place { return candidate }
      others += 1
    }
    return label
  }
}
