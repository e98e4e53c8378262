import LinearAlgebra
import PreparedImages

/// Makes a synthetic data set: classes as even as the counts allow, in random order, an image from each label.
struct SyntheticGenerator {
  let recipe: SyntheticRecipe
  private let selection: ImageSelection
  private let classes: [SyntheticClass]
  private let renderer: SyntheticRenderer

  /// - Parameter selection: the images that are made; each is the same whatever the others are.
  init(recipe: SyntheticRecipe, selection: ImageSelection = ImageSelection()) {
    self.recipe = recipe
    self.selection = selection
    classes = (0..<recipe.classCount).map { SyntheticClass($0, seed: recipe.seed) }
    renderer = SyntheticRenderer(shape: recipe.shape)
  }

  private enum Split: UInt64 {
    case training = 0
    case validation = 1
  }

  /// How many images are made.
  var trainingCount: Int { labels(.training).places.count }
  var validationCount: Int { labels(.validation).places.count }

  func write(to writer: PreparedDataSetWriter, progress: (Double) throws -> Void) throws {
    let total = writer.trainingCount + writer.validationCount
    try write(.training, first: 0, to: writer) { try progress(Double($0) / Double(total)) }
    try write(.validation, first: writer.trainingCount, to: writer) {
      try progress(Double(writer.trainingCount + $0) / Double(total))
    }
  }

  /// The labels of all images of a split, and the places of those that are made.
  private func labels(_ split: Split) -> (all: [Int], places: [Int]) {
    let count = split == .training ? recipe.trainingCount : recipe.validationCount
    var stream = RandomStream(seed: recipe.seed, purpose: "synthetic-labels", index: split.rawValue)
    let labels = stream.permutation(count: count).map { Int($0) % recipe.classCount }
    let places =
      split == .training
      ? selection.places(amongTraining: labels) : Array(labels.indices.prefix(selection.validation ?? count))
    return (labels, places)
  }

  private func write(
    _ split: Split, first: Int, to writer: PreparedDataSetWriter, progress: (Int) throws -> Void
  ) throws {
    let (labels, places) = labels(split)
    let key = RandomStream.Key(seed: recipe.seed, purpose: "synthetic-images")
    let chunk = 256
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: chunk * recipe.shape.count)
    defer { buffer.deallocate() }
    for start in stride(from: 0, to: places.count, by: chunk) {
      let images = min(chunk, places.count - start)
      for image in 0..<images {
        let place = places[start + image]
        writer.setLabel(labels[place], of: first + start + image)
        var stream = RandomStream(key, index: split.rawValue << 32 | UInt64(place))
        let scene = SyntheticScene(of: classes[labels[place]], clutterFrom: classes, stream: &stream)
        renderer.render(scene, to: buffer + image * recipe.shape.count)
      }
      try writer.write(
        images: UnsafeRawBufferPointer(start: buffer, count: images * recipe.shape.count), at: first + start)
      try progress(start + images)
    }
  }
}
