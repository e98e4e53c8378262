import PreparedImages

/// Downsampled ImageNet as Chrabaszcz, Loshchilov and Hutter (2017) give it away: ten batches of training images and one
/// of validation images, NumPy's archives of arrays:
///
///     data     [N, 3072], bytes: channel by channel, row by row
///     labels   [N], integers from 1 on
///
/// A mean image besides is not read. Images come in the order of the files, batch after batch; any numbers of them are
/// accepted, so that small data in the real format works everywhere. The files do not say what the classes are called.
///
/// A training batch has 400 MB: labels are read first, and then the images of batches that are looked at, some hundred at a
/// time.
struct ImageNet32Format: DataSetFormat {
  static let trainingFiles = (1...10).map { "train_data_batch_\($0).npz" }
  static let validationFile = "val_data.npz"
  private static let memberNames = trainingFiles + [validationFile]
  private static let imagesMember = "data.npy"
  private static let labelsMember = "labels.npy"
  /// Of a batch: more than all of ImageNet has, and few enough to hold their labels.
  private static let mostImages = 1 << 21

  func memberNames(inFolder folder: String) -> [String] { Self.memberNames }

  func seemsWhole(_ folder: String, shape: ImageShape) -> Bool {
    Self.memberNames.allSatisfy { ((try? InputFile(join(folder, $0)).byteCount) ?? 0) > 0 }
  }

  func convert(
    _ members: any MemberCollection, shape: ImageShape, classCount: Int, selection: ImageSelection,
    makeWriter: (_ trainingCount: Int, _ validationCount: Int) throws -> PreparedDataSetWriter,
    progress: (Double) throws -> Void
  ) throws -> (writer: PreparedDataSetWriter, classNames: [String]) {
    let batches = try batches(members, shape: shape, classCount: classCount)
    let training = selection.places(amongTraining: batches.dropLast().flatMap(\.labels))
    let validation =
      (batches.last?.labels.indices).map { Array($0.prefix(selection.validation ?? .max)) } ?? []
    let writer = try makeWriter(training.count, validation.count)

    var first = 0
    var written = 0
    func copy(_ batch: Batch, _ images: some Collection<Int>) throws {
      for (place, image) in images.enumerated() { writer.setLabel(batch.labels[image], of: written + place) }
      try self.copy(Array(images), of: batch, shape: shape, to: writer, at: written) {
        try progress(Double($0) / Double(training.count + validation.count))
      }
      written += images.count
    }
    var left = training[...]
    for batch in batches.dropLast() {
      let end = first + batch.labels.count
      let images = left.prefix { $0 < end }
      left = left.dropFirst(images.count)
      try copy(batch, images.map { $0 - first })
      first = end
    }
    if let batch = batches.last { try copy(batch, validation) }
    return (writer, (1...classCount).map { "class \($0)" })
  }

  private struct Batch {
    /// Where its file is.
    let path: String
    /// The class of every image, from 0 on.
    let labels: [Int]
  }

  /// What all files hold, in the order of their names; no image is read.
  private func batches(
    _ members: any MemberCollection, shape: ImageShape, classCount: Int
  ) throws -> [Batch] {
    var batches: [String: Batch] = [:]
    try members.visit(Self.memberNames) { member in
      batches[member.name] = try batch(member.location, shape: shape, classCount: classCount)
    }
    return try Self.memberNames.map { name in
      guard let batch = batches[name] else {
        throw DataSetError.missingMember(source: members.path, member: name)
      }
      return batch
    }
  }

  private func batch(_ path: String, shape: ImageShape, classCount: Int) throws -> Batch {
    var imageCount: Int?
    var labels: [Int]?
    try ArchiveMembers(path: path).visit([Self.imagesMember, Self.labelsMember]) { member in
      let isOfImages = member.name == Self.imagesMember
      guard isOfImages ? imageCount == nil : labels == nil else {
        throw DataSetError.duplicateMember(source: path, member: member.name)
      }
      let header = try NumPyHeader(member)
      if isOfImages {
        imageCount = try count(header, columns: [shape.count], of: member)
      } else {
        labels = try self.labels(member, header, classCount: classCount)
      }
    }
    guard let imageCount else { throw DataSetError.missingMember(source: path, member: Self.imagesMember) }
    guard let labels else { throw DataSetError.missingMember(source: path, member: Self.labelsMember) }
    guard labels.count == imageCount else {
      throw DataSetError.wrongArray(
        file: "\(path): \(Self.labelsMember)", field: "shape",
        reason: "is that of \(labels.count) labels, but there are \(imageCount) images")
    }
    return Batch(path: path, labels: labels)
  }

  /// The first size of an array that has `columns` after it.
  private func count(_ header: NumPyHeader, columns: [Int], of member: Member) throws -> Int {
    func wrong(_ field: String, _ reason: String) -> DataSetError {
      .wrongArray(file: member.location, field: field, reason: reason)
    }
    guard columns.isEmpty || header.integer == .byte else {
      throw wrong("descr", "is not '|u1', as that of images")
    }
    guard let count = header.shape.first, header.shape.dropFirst().elementsEqual(columns) else {
      throw wrong("shape", "is \(header.shape) instead of \(["N"] + columns.map { "\($0)" })")
    }
    guard (1...Self.mostImages).contains(count) else {
      throw wrong("shape", "is that of \(count) images, which must be 1 to \(Self.mostImages)")
    }
    return count
  }

  private func labels(_ member: Member, _ header: NumPyHeader, classCount: Int) throws -> [Int] {
    let count = try count(header, columns: [], of: member)
    let width = header.integer.byteCount
    var bytes = [UInt8](repeating: 0, count: count * width)
    try bytes.withUnsafeMutableBytes { try member.fill($0, at: member.byteCount - count * width) }
    try requireEnd(of: member)
    return try bytes.withUnsafeBytes { bytes in
      try (0..<count).map { record in
        let label = header.integer.value(of: bytes, at: record * width)
        guard (1...classCount).contains(label) else {
          throw DataSetError.labelOutOfRange(
            file: member.location, field: "label", record: record, label: label, allowed: 1...classCount)
        }
        return label - 1
      }
    }
  }

  /// libarchive compares checksums where a member ends, and only if somebody reads on there.
  private func requireEnd(of member: Member) throws {
    var byte: UInt8 = 0
    guard try withUnsafeMutableBytes(of: &byte, { try member.read($0) }) == 0 else {
      throw DataSetError.wrongArray(
        file: member.location, field: "size", reason: "is more than was announced")
    }
  }

  /// Copies images of a batch, `images` in ascending order, to where they belong from place `first` on. The others are
  /// read too, since the checksum is that of all of them; a batch of which no image is wanted is not.
  ///
  /// - Parameter progress: called with the number of images that have been written, those before `first` among them.
  private func copy(
    _ images: [Int], of batch: Batch, shape: ImageShape, to writer: PreparedDataSetWriter, at first: Int,
    progress: (Int) throws -> Void
  ) throws {
    guard !images.isEmpty else { return }
    let chunk = 256
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk * shape.count, alignment: 64)
    defer { buffer.deallocate() }
    try ArchiveMembers(path: batch.path).visit([Self.imagesMember]) { member in
      let header = try NumPyHeader(member)
      let imageBytes = try count(header, columns: [shape.count], of: member) * shape.count
      var next = 0
      for start in stride(from: 0, to: batch.labels.count, by: chunk) {
        let end = min(start + chunk, batch.labels.count)
        try member.fill(
          UnsafeMutableRawBufferPointer(rebasing: buffer[..<((end - start) * shape.count)]),
          at: member.byteCount - imageBytes + start * shape.count)
        let written = next
        // Those that are looked at move up to the front.
        while next < images.count, images[next] < end {
          let source = (images[next] - start) * shape.count
          UnsafeMutableRawBufferPointer(rebasing: buffer[((next - written) * shape.count)...])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[source..<(source + shape.count)]))
          next += 1
        }
        guard next > written else { continue }
        try writer.write(
          images: UnsafeRawBufferPointer(rebasing: buffer[..<((next - written) * shape.count)]),
          at: first + written)
        try progress(first + next)
      }
      try requireEnd(of: member)
    }
  }
}
