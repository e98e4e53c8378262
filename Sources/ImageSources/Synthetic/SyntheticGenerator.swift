import LinearAlgebra
import PreparedImages

/// Makes a synthetic data set: classes as even as the counts allow, in random order, an image from each label.
struct SyntheticGenerator {
  let recipe: SyntheticRecipe
  private let classes: [SyntheticClass]
  private let renderer: SyntheticRenderer

  init(recipe: SyntheticRecipe) {
    self.recipe = recipe
    classes = (0..<recipe.classCount).map { SyntheticClass($0, seed: recipe.seed) }
    renderer = SyntheticRenderer(shape: recipe.shape)
  }

  private enum Split: UInt64 {
    case training = 0
    case validation = 1
  }

  func write(to writer: PreparedDataSetWriter, progress: (Double) throws -> Void) throws {
    let total = recipe.trainingCount + recipe.validationCount
    try write(.training, count: recipe.trainingCount, first: 0, to: writer) {
      try progress(Double($0) / Double(total))
    }
    try write(.validation, count: recipe.validationCount, first: recipe.trainingCount, to: writer) {
      try progress(Double(recipe.trainingCount + $0) / Double(total))
    }
  }

  private func write(
    _ split: Split, count: Int, first: Int, to writer: PreparedDataSetWriter, progress: (Int) throws -> Void
  ) throws {
    var labelStream = RandomStream(seed: recipe.seed, purpose: "synthetic-labels", index: split.rawValue)
    let labels = labelStream.permutation(count: count).map { Int($0) % recipe.classCount }
    let key = RandomStream.Key(seed: recipe.seed, purpose: "synthetic-images")
    let chunk = 256
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: chunk * recipe.shape.count)
    defer { buffer.deallocate() }
    for start in stride(from: 0, to: count, by: chunk) {
      let images = min(chunk, count - start)
      for image in 0..<images {
        let label = labels[start + image]
        writer.setLabel(label, of: first + start + image)
        var stream = RandomStream(key, index: split.rawValue << 32 | UInt64(start + image))
        let scene = SyntheticScene(of: classes[label], clutterFrom: classes, stream: &stream)
        renderer.render(scene, to: buffer + image * recipe.shape.count)
      }
      try writer.write(
        images: UnsafeRawBufferPointer(start: buffer, count: images * recipe.shape.count), at: first + start)
      try progress(start + images)
    }
  }
}
