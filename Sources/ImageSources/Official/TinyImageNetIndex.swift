import PreparedImages

/// Which images a copy of Tiny ImageNet has, of which classes they are and where they go.
struct TinyImageNetIndex {
  /// Where an image goes, and its class.
  struct Place: Equatable {
    let number: Int
    let label: Int
  }

  let classNames: [String]
  let trainingCount: Int
  let validationCount: Int
  /// By the path below the official folder.
  let places: [String: Place]

  /// Reads the lists and the names of all files, but no image. Throws ``DataSetError`` for what does not agree.
  ///
  /// - Parameter selection: the images that get a place.
  init(
    _ members: any MemberCollection, classCount: Int, selection: ImageSelection = ImageSelection()
  ) throws {
    let survey = try Survey(members)
    let classes = try survey.classes(classCount)
    classNames = try survey.names(of: classes)
    let labels = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let all = try survey.training(classes, labels)
    let training = selection.places(amongTraining: all.map(\.label)).map { all[$0] }
    let validation = try survey.validation(labels).prefix(selection.validation ?? .max)
    trainingCount = training.count
    validationCount = validation.count
    var places: [String: Place] = [:]
    places.reserveCapacity(training.count + validation.count)
    for (number, image) in (training + validation).enumerated() {
      places[image.path] = Place(number: number, label: image.label)
    }
    self.places = places
  }
}

/// The first pass.
private struct Survey {
  typealias Format = TinyImageNetFormat

  struct Text {
    let location: String
    let lines: [[Substring]]
  }

  let source: String
  private var texts: [String: Text] = [:]
  private var trainingPaths: [String: [String]] = [:]
  private var validationPaths: Set<String> = []

  init(_ members: any MemberCollection) throws {
    source = members.path
    let textNames: Set = [Format.classesFile, Format.namesFile, Format.listFile]
    var seen: Set<String> = []
    var (texts, trainingPaths, validationPaths) = (texts, trainingPaths, validationPaths)
    let isRead = { (path: String) in textNames.contains(path) || TinyImageNetImage(path: path) != nil }
    try members.visit(below: Format.root, where: isRead) { member in
      guard seen.insert(member.name).inserted else {
        throw DataSetError.duplicateMember(source: members.path, member: member.name)
      }
      switch TinyImageNetImage(path: member.name) {
      case .training(let className): trainingPaths[className, default: []].append(member.name)
      case .validation: validationPaths.insert(member.name)
      case nil: texts[member.name] = try Self.text(member)
      }
    }
    if seen.isEmpty, members is ArchiveMembers {
      throw DataSetError.foreignArchive(file: members.path, expected: Format.classesFile)
    }
    (self.texts, self.trainingPaths, self.validationPaths) = (texts, trainingPaths, validationPaths)
  }

  /// The lines of a member, cut at tabulators, without empty ones at the end.
  private static func text(_ member: Member) throws -> Text {
    // The longest of the official lists has 2.6 MB: a much larger file is something else and is not read.
    guard member.byteCount <= 1 << 25 else {
      throw DataSetError.wrongLine(
        file: member.location, line: 1, reason: "\(member.byteCount) bytes are too many for this list")
    }
    var lines = try member.text().split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return Text(location: member.location, lines: lines.map { $0.split(separator: "\t") })
  }

  private func text(_ name: String) throws -> Text {
    guard let text = texts[name] else { throw DataSetError.missingMember(source: source, member: name) }
    return text
  }

  /// The classes in ascending order.
  func classes(_ count: Int) throws -> [String] {
    let text = try text(Format.classesFile)
    var classes: Set<String> = []
    for (number, line) in text.lines.enumerated() {
      guard line.count == 1, let name = line.first, !name.contains(where: { $0 == " " || $0 == "/" }) else {
        throw DataSetError.wrongLine(file: text.location, line: number + 1, reason: "is no class")
      }
      guard classes.insert(String(name)).inserted else {
        throw DataSetError.wrongLine(
          file: text.location, line: number + 1, reason: "class \(name) is listed twice")
      }
    }
    guard classes.count == count else {
      throw DataSetError.wrongClassNames(file: text.location, expected: count, found: classes.count)
    }
    return classes.sorted()
  }

  func names(of classes: [String]) throws -> [String] {
    let text = try text(Format.namesFile)
    var names: [String: String] = [:]
    let wanted = Set(classes)
    for line in text.lines where line.count >= 2 && wanted.contains(String(line[0])) {
      names[String(line[0])] = String(line[1])
    }
    guard names.count == classes.count else {
      throw DataSetError.wrongClassNames(
        file: text.location, expected: classes.count, found: names.count)
    }
    return classes.compactMap { names[$0] }
  }

  /// The training images, class by class.
  func training(_ classes: [String], _ labels: [String: Int]) throws -> [(path: String, label: Int)] {
    if let stranger = trainingPaths.keys.filter({ labels[$0] == nil }).min() {
      throw DataSetError.unexpectedMember(
        source: source, member: "train/\(stranger)", reason: "is of a class that is not in wnids.txt")
    }
    let most = trainingPaths.values.map(\.count).max() ?? 0
    var images: [(path: String, label: Int)] = []
    for (label, name) in classes.enumerated() {
      guard let paths = trainingPaths[name] else {
        throw DataSetError.missingMember(source: source, member: "train/\(name)/images")
      }
      guard paths.count == most else {
        throw DataSetError.unevenClasses(
          source: source, className: name, expected: most, found: paths.count)
      }
      images += paths.sorted().map { ($0, label) }
    }
    return images
  }

  /// The validation images, in the order of their list.
  func validation(_ labels: [String: Int]) throws -> [(path: String, label: Int)] {
    let text = try text(Format.listFile)
    func problem(_ line: Int, _ reason: String) -> DataSetError {
      .wrongLine(file: text.location, line: line + 1, reason: reason)
    }
    var images: [(path: String, label: Int)] = []
    var listed: Set<String> = []
    for (number, line) in text.lines.enumerated() {
      guard line.count >= 2 else { throw problem(number, "is not a file and its class") }
      guard let label = labels[String(line[1])] else {
        throw problem(number, "class \(line[1]) is not in wnids.txt")
      }
      let path = "val/images/\(line[0])"
      guard listed.insert(path).inserted else { throw problem(number, "\(line[0]) is listed twice") }
      guard validationPaths.contains(path) else {
        throw DataSetError.missingMember(source: source, member: path)
      }
      images.append((path, label))
    }
    if let stranger = validationPaths.subtracting(listed).min() {
      throw DataSetError.unexpectedMember(
        source: source, member: stranger, reason: "is not listed in \(Format.listFile)")
    }
    guard !images.isEmpty else { throw problem(0, "lists no images") }
    return images
  }
}
