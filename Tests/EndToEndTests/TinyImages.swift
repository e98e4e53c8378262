import Foundation

/// Images in CIFAR-10's binary format, few enough for tests: each class has a colour of its own, under noise.
enum TinyImages {
  static let trainingImages = 5 * perFile
  static let perFile = 32

  static func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for batch in 1...5 {
      try records(seed: batch).write(to: URL(fileURLWithPath: "\(folder)/data_batch_\(batch).bin"))
    }
    try records(seed: 6).write(to: URL(fileURLWithPath: folder + "/test_batch.bin"))
    let names = (0..<10).map { "class \($0)\n" }.joined()
    try names.write(toFile: folder + "/batches.meta.txt", atomically: true, encoding: .utf8)
  }

  /// A label byte and 3 × 1,024 pixel bytes for each image.
  private static func records(seed: Int) -> Data {
    var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15
    func next() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 40)
    }
    var data = Data()
    for _ in 0..<perFile {
      let label = next() % 10
      data.append(UInt8(label))
      for channel in 0..<3 {
        let level = (label * (channel + 3) * 37) % 160
        for _ in 0..<1_024 { data.append(UInt8(level + next() % 96)) }
      }
    }
    return data
  }
}
