import ImageBatches
import LinearAlgebra
import NeuralNetwork
import PlanarTasks
import PreparedImages
import Training

/// What a network makes of the images of one task: exponents of its class pairs, in three readings, and of its
/// images.
struct TaskLook {
  /// log(‖h − h′‖ / ‖x − x′‖) of all pairs of images.
  let secant: PairExponents.Reading
  /// log Λ₁ in the middle between two images.
  let field: PairExponents.Reading
  /// log ‖J u‖ there, along the line between them.
  let directional: PairExponents.Reading
  /// ℓ⁻¹ log Λ₁ of images, in ascending order; −∞ where nothing is stretched.
  let exponents: [Double]
  /// Of the representation.
  let spread: RepresentationSpread
  /// How far classes have collapsed; nil where there are more than two.
  let collapse: NeuralCollapse?

  /// - Throws: `SingularValueError` if the network diverged.
  init(
    at lesson: Curriculum.Lesson, of split: ImageSplit, by network: RepresentationNetwork,
    options: ImageStretchingOptions
  ) throws {
    let classes = lesson.classes ?? []
    let byClass = classes.map { label in
      Array(lesson.training.lazy.filter { split.labels[Int($0)] == label }.prefix(options.images))
    }
    let labels = byClass.enumerated().flatMap { place, images in images.map { _ in Int32(place) } }
    let batch = Batch<Float>(
      capacity: labels.count, inputSize: split.shape.count, classes: split.classCount)
    BatchAssembler<Float>(split: split)
      .assemble(byClass.flatMap { $0 }[...], epoch: 0, position: 0, into: batch)
    let images = (0..<labels.count).map { row in (0..<batch.inputs.columns).map { batch.inputs[row, $0] } }
    let (features, arranged) = network.represent(batch.inputs)

    var secants: [Double] = []
    var kinds: [Bool] = []
    for one in labels.indices {
      for other in 0..<one {
        let distance = Self.distance(arranged[one], arranged[other])
        guard distance > 0 else { continue }
        secants.append(Stretching.logarithm(Self.distance(features[one], features[other]) / distance))
        kinds.append(labels[one] == labels[other])
      }
    }
    secant = PairExponents.Reading(values: secants, isWithin: kinds)

    // Where each class begins.
    let starts = byClass.indices.map { place in byClass.prefix(place).map(\.count).reduce(0, +) }
    let places = min(options.places, byClass.map(\.count).min() ?? 0)
    var pairs: [(Int, Int, isWithin: Bool)] = []
    for start in starts {
      pairs += stride(from: 0, to: places - 1, by: 2).map { (start + $0, start + $0 + 1, true) }
    }
    for (start, next) in zip(starts, starts.dropFirst()) {
      pairs += (0..<places).map { (start + $0, next + $0, false) }
    }
    var fields: [Double] = []
    var alongs: [Double] = []
    for (one, other, _) in pairs {
      let middle = zip(images[one], images[other]).map { ($0 + $1) / 2 }
      let distance = Self.distance(arranged[one], arranged[other])
      let direction = zip(arranged[one], arranged[other]).map { ($0 - $1) / Float(max(distance, 1e-30)) }
      let stretching = network.stretching(at: middle, along: direction)
      fields.append(Stretching.logarithm(stretching.largest))
      alongs.append(Stretching.logarithm(stretching.along))
    }
    let isWithin = pairs.map(\.isWithin)
    field = PairExponents.Reading(values: fields, isWithin: isWithin)
    directional = PairExponents.Reading(values: alongs, isWithin: isWithin)

    exponents = starts.flatMap { start in
      (0..<places).map {
        Stretching.logarithm(network.stretching(at: images[start + $0]).largest) / Double(network.depth)
      }
    }.sorted()

    let memory = Arena<Float>(
      capacity: Arena<Float>.footprint(rows: labels.count, columns: network.width)
        + Arena<Float>.footprint(rows: 2, columns: network.width))
    let representation = memory.take(rows: labels.count, columns: network.width)
    for (row, values) in features.enumerated() {
      for (unit, value) in values.enumerated() { representation[row, unit] = value }
    }
    spread = try RepresentationSpread(of: representation)
    let classifier = network.classifier
    if classes.count == 2 {
      let rows = memory.take(rows: 2, columns: network.width)
      for (row, label) in classes.enumerated() {
        for unit in 0..<network.width { rows[row, unit] = classifier.weight[Int(label), unit] }
      }
      collapse = NeuralCollapse(
        representation, labels: labels, classifier: rows,
        biases: classes.map { classifier.bias.elements[Int($0)] })
    } else {
      collapse = nil
    }
  }

  /// The exponent that a share of the images lies below, between its neighbours by straight lines; −∞ if one of these
  /// is.
  func exponent(below share: Double) -> Double {
    guard !exponents.isEmpty else { return .nan }
    let place = share * Double(exponents.count - 1)
    let (lower, part) = (exponents[Int(place)], place - place.rounded(.down))
    return part == 0 || lower == -.infinity ? lower : lower + part * (exponents[Int(place) + 1] - lower)
  }

  /// The share of images at which nothing is stretched.
  var deadImages: Double {
    Double(exponents.filter { $0 == -.infinity }.count) / Double(max(exponents.count, 1))
  }

  private static func distance(_ one: [Float], _ other: [Float]) -> Double {
    var square = 0.0
    for place in one.indices {
      let step = Double(one[place]) - Double(other[place])
      square += step * step
    }
    return square.squareRoot()
  }
}
