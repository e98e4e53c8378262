import Testing

@testable import ImageBatches
@testable import ImageSources
@testable import PreparedImages

struct CIFARBinaryFormatTests {
  @Test func labelsAndPixelsComeOutInTheirPlaces() throws {
    try withTemporaryFolder { folder in
      let tiny = TinyCIFAR()
      let data = try PreparedDataSet(folder: prepare(.folder(tiny.write(into: folder)), in: folder))
      for (split, records) in [(data.training, tiny.training), (data.validation, tiny.validation)] {
        #expect(split.count == records.count)
        #expect(split.labels == records.map { Int32($0.label) })
        for (image, record) in records.enumerated() { #expect(split.bytes(of: image) == record.pixels) }
      }
      #expect(data.training.count == 20)
      #expect(data.validation.count == 7)
    }
  }

  @Test func theManifestDescribesCIFAR() throws {
    try withTemporaryFolder { folder in
      let data = try PreparedDataSet(folder: prepare(.folder(TinyCIFAR().write(into: folder)), in: folder))
      #expect(data.manifest.name == "cifar-10")
      #expect(data.manifest.title == "CIFAR-10")
      #expect(!data.manifest.synthetic)
      #expect(data.manifest.classNames == TinyCIFAR.classNames)
      #expect((data.channels, data.height, data.width) == (3, 32, 32))
      #expect(data.classCount == 10)
      for split in [data.training, data.validation] {
        #expect(split.mean == [0.4914, 0.4822, 0.4465])
        #expect(split.standardDeviation == [0.2023, 0.1994, 0.2010])
      }
    }
  }

  @Test func imagesOfClassesAreFoundInOrder() throws {
    try withTemporaryFolder { folder in
      let tiny = TinyCIFAR()
      let data = try PreparedDataSet(folder: prepare(.folder(tiny.write(into: folder)), in: folder))
      let wanted: Set<Int32> = [1, 4, 7]
      let expected = tiny.training.indices.filter { wanted.contains(Int32(tiny.training[$0].label)) }
      #expect(data.training.images(ofClasses: wanted) == expected.map(Int32.init))
      #expect(!expected.isEmpty && expected.count < tiny.training.count)
    }
  }

  @Test func windowsLineEndsInTheClassNamesDoNotMatter() throws {
    try withTemporaryFolder { folder in
      let official = try TinyCIFAR().write(into: folder)
      try put(Array(TinyCIFAR.classNames.joined(separator: "\r\n").utf8), join(official, "batches.meta.txt"))
      let data = try PreparedDataSet(folder: prepare(.folder(official), in: folder))
      #expect(data.manifest.classNames == TinyCIFAR.classNames)
    }
  }

  @Test(arguments: [1, 3_072, 3_074, 2 * 3_073 - 1]) func aFileThatIsNoWholeNumberOfRecords(_ size: Int)
    throws
  {
    try withTemporaryFolder { folder in
      let official = try TinyCIFAR().write(into: folder)
      let file = join(official, "data_batch_3.bin")
      try cut(file, to: size)
      #expect(throws: DataSetError.wrongSize(file: file, byteCount: size, recordBytes: 3_073)) {
        try prepare(.folder(official), in: folder)
      }
    }
  }

  @Test func anEmptyFile() throws {
    try withTemporaryFolder { folder in
      let official = try TinyCIFAR().write(into: folder)
      try put([], join(official, "test_batch.bin"))
      #expect(
        throws: DataSetError.wrongSize(
          file: join(official, "test_batch.bin"), byteCount: 0, recordBytes: 3_073)
      ) { try prepare(.folder(official), in: folder) }
    }
  }

  @Test(arguments: [10, 255] as [UInt8]) func aLabelOutOfRangeNamesFileAndRecord(_ label: UInt8) throws {
    try withTemporaryFolder { folder in
      var tiny = TinyCIFAR()
      tiny.files["data_batch_4.bin"]?[3].label = label
      let official = try tiny.write(into: folder)
      let expected = DataSetError.labelOutOfRange(
        file: join(official, "data_batch_4.bin"), field: "label", record: 3, label: Int(label), allowed: 0...9
      )
      #expect(throws: expected) { try prepare(.folder(official), in: folder) }
      #expect(expected.description.contains("data_batch_4.bin: record 3 has label \(label)"))
    }
  }

  /// More records than are read at a time: the number of the record counts from the start of the file.
  @Test func aLabelOutOfRangeFarIntoAFile() throws {
    try withTemporaryFolder { folder in
      var tiny = TinyCIFAR()
      let record = TinyCIFAR.Record(label: 2, pixels: [UInt8](repeating: 7, count: 3_072))
      tiny.files["data_batch_1.bin"] = Array(repeating: record, count: 300)
      tiny.files["data_batch_1.bin"]?[299].label = 9
      let good = try prepare(.folder(tiny.write(into: folder)), in: folder)
      #expect(try PreparedDataSet(folder: good).training.labels[298...299] == [2, 9])

      tiny.files["data_batch_1.bin"]?[299].label = 77
      let official = try tiny.write(into: folder)
      #expect(
        throws: DataSetError.labelOutOfRange(
          file: join(official, "data_batch_1.bin"), field: "label", record: 299, label: 77, allowed: 0...9)
      ) { try prepare(.folder(official), in: folder) }
    }
  }

  @Test(arguments: ["data_batch_1.bin", "data_batch_5.bin", "test_batch.bin", "batches.meta.txt"])
  func aMissingFileIsNamed(_ name: String) throws {
    try withTemporaryFolder { folder in
      let official = try TinyCIFAR().write(into: folder)
      try removeFile(join(official, name))
      #expect(throws: DataSetError.missingMember(source: official, member: name)) {
        try prepare(.folder(official), in: folder)
      }
    }
  }

  @Test(arguments: [0, 9, 11]) func aWrongNumberOfClassNames(_ count: Int) throws {
    try withTemporaryFolder { folder in
      let official = try TinyCIFAR().write(into: folder)
      let file = join(official, "batches.meta.txt")
      try put(Array((TinyCIFAR.classNames + ["extra"]).prefix(count).joined(separator: "\n").utf8), file)
      #expect(throws: DataSetError.wrongClassNames(file: file, expected: 10, found: count)) {
        try prepare(.folder(official), in: folder)
      }
    }
  }

  @Test func classNamesThatAreNoTextAreRefused() throws {
    try withTemporaryFolder { folder in
      let official = try TinyCIFAR().write(into: folder)
      let file = join(official, "batches.meta.txt")
      try put([UInt8](repeating: 0xff, count: 1 << 17), file)
      #expect(throws: DataSetError.wrongClassNames(file: file, expected: 10, found: 0)) {
        try prepare(.folder(official), in: folder)
      }
    }
  }
}
