import Foundation
import PreparedImages

/// A label byte of a record of CIFAR.
struct CIFARLabel {
  /// For messages.
  let name: String
  let classCount: Int

  /// Precondition: `classCount` is in 1...256.
  init(_ name: String, classCount: Int) {
    precondition((1...256).contains(classCount), "a byte")
    self.name = name
    self.classCount = classCount
  }
}

/// The binary format of CIFAR (Krizhevsky 2009): records of label bytes followed by the pixels, one byte each,
/// channel by channel, row by row.
///
/// The official files have 10,000 records each; any positive whole number is accepted, so that small data in
/// the real format works everywhere.
struct CIFARBinaryFormat: DataSetFormat {
  let trainingFiles: [String]
  let validationFiles: [String]
  /// A text file with a class name a line.
  let classNamesFile: String
  /// The label bytes of a record, of which the last is the class (CIFAR-100 has a coarse label before it).
  let labels: [CIFARLabel]

  private var memberNames: [String] { trainingFiles + validationFiles + [classNamesFile] }

  func memberNames(inFolder folder: String) -> [String] { memberNames }

  private func recordBytes(_ shape: ImageShape) -> Int { labels.count + shape.count }

  func seemsWhole(_ folder: String, shape: ImageShape) -> Bool {
    let sizes = memberNames.map { (try? InputFile(join(folder, $0)).byteCount) ?? 0 }
    return sizes.allSatisfy { $0 > 0 } && sizes.dropLast().allSatisfy { $0 % recordBytes(shape) == 0 }
  }

  func convert(
    _ members: any MemberCollection, shape: ImageShape, classCount: Int, selection: ImageSelection,
    makeWriter: (_ trainingCount: Int, _ validationCount: Int) throws -> PreparedDataSetWriter,
    progress: (Double) throws -> Void
  ) throws -> (writer: PreparedDataSetWriter, classNames: [String]) {
    // An archive may hold the files in any order, so their places are known only after a first pass.
    let recordBytes = recordBytes(shape)
    let survey = try survey(members, recordBytes: recordBytes, classCount: classCount)
    let training = places(of: trainingFiles, survey: survey, first: 0, limit: selection.training)
    let validation = places(
      of: validationFiles, survey: survey, first: training.end, limit: selection.validation)
    let places = training.places.merging(validation.places) { first, _ in first }
    let writer = try makeWriter(training.end, validation.end - training.end)

    var done = 0
    try members.visit(trainingFiles + validationFiles) { member in
      guard let place = places[member.name] else { return }
      try copy(member, recordBytes: recordBytes, to: writer, at: place) { count in
        done += count
        try progress(Double(done) / Double(validation.end))
      }
    }
    return (writer, survey.classNames)
  }

  /// Where the records of a split's files go, from `first` on, and where they end: those after the first `limit` of the
  /// split go nowhere.
  private func places(
    of files: [String], survey: Survey, first: Int, limit: Int?
  ) -> (places: [String: Range<Int>], end: Int) {
    var places: [String: Range<Int>] = [:]
    var end = first
    var left = limit ?? .max
    for name in files {
      let count = min(survey.recordCounts[name, default: 0], left)
      places[name] = end..<end + count
      end += count
      left -= count
    }
    return (places, end)
  }

  private struct Survey {
    var recordCounts: [String: Int] = [:]
    var classNames: [String] = []
  }

  private func survey(_ members: any MemberCollection, recordBytes: Int, classCount: Int) throws -> Survey {
    var survey = Survey()
    var seen: Set<String> = []
    try members.visit(memberNames) { member in
      guard seen.insert(member.name).inserted else {
        throw DataSetError.duplicateMember(source: members.path, member: member.name)
      }
      if member.name == classNamesFile {
        survey.classNames = try classNames(member, classCount: classCount)
      } else {
        guard member.byteCount > 0, member.byteCount % recordBytes == 0 else {
          throw DataSetError.wrongSize(
            file: member.location, byteCount: member.byteCount, recordBytes: recordBytes)
        }
        survey.recordCounts[member.name] = member.byteCount / recordBytes
      }
    }
    if seen.isEmpty, members is ArchiveMembers {
      throw DataSetError.foreignArchive(file: members.path, expected: trainingFiles[0])
    }
    if let missing = memberNames.first(where: { !seen.contains($0) }) {
      throw DataSetError.missingMember(source: members.path, member: missing)
    }
    return survey
  }

  private func classNames(_ member: Member, classCount: Int) throws -> [String] {
    // A list of names is short: a large file of that name is something else and is not read.
    guard member.byteCount <= 1 << 16 else {
      throw DataSetError.wrongClassNames(file: member.location, expected: classCount, found: 0)
    }
    let names = try member.text().split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    guard names.count == classCount else {
      throw DataSetError.wrongClassNames(file: member.location, expected: classCount, found: names.count)
    }
    return names
  }

  /// Splits the first records of a file, as many as there are places, into pixels and labels, some hundred at a time.
  private func copy(
    _ member: Member, recordBytes: Int, to writer: PreparedDataSetWriter, at place: Range<Int>,
    progress: (Int) throws -> Void
  ) throws {
    let pixelBytes = recordBytes - labels.count
    let records = place.count
    let start = place.lowerBound
    let chunk = min(max(records, 1), 256)
    let input = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk * recordBytes, alignment: 64)
    let pixels = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk * pixelBytes, alignment: 64)
    defer {
      input.deallocate()
      pixels.deallocate()
    }
    for first in stride(from: 0, to: records, by: chunk) {
      let count = min(chunk, records - first)
      try member.fill(
        UnsafeMutableRawBufferPointer(rebasing: input[..<(count * recordBytes)]), at: first * recordBytes)
      for record in 0..<count {
        for (label, byte) in zip(labels, input[(record * recordBytes)...]) {
          guard byte < label.classCount else {
            throw DataSetError.labelOutOfRange(
              file: member.location, field: label.name, record: first + record, label: Int(byte),
              allowed: 0...(label.classCount - 1))
          }
        }
        let source = record * recordBytes + labels.count
        writer.setLabel(Int(input[source - 1]), of: start + first + record)
        UnsafeMutableRawBufferPointer(rebasing: pixels[(record * pixelBytes)...])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: input[source..<(source + pixelBytes)]))
      }
      try writer.write(
        images: UnsafeRawBufferPointer(rebasing: pixels[..<(count * pixelBytes)]), at: start + first)
      try progress(count)
    }
  }
}
