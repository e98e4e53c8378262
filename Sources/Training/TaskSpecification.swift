import Specifications

/// The `tasks` object of a chapter's block: continual learning, one task after the other, in each of which the
/// network learns to tell a few classes apart that it has not met before, or a few more than before.
public struct TaskSpecification: Codable, Hashable, Sendable {
  /// What happens to the network when a task begins.
  public enum Start: String, Codable, CaseIterable, Sendable {
    /// The output layer's weights and biases become zero; everything else goes on, the optimiser's state included.
    case outputReset
    /// A new network, and a new optimiser with its remedies: what a network without a past makes of the task. It is the
    /// control that loss of plasticity is measured against, and so its output layer is one of zeros where that of a network
    /// with a past becomes one (``Order/disjoint``), and drawn like its other layers where that goes on (``Order/growing``).
    case reinitialized
    /// Nothing.
    case unchanged
  }

  /// How the classes of a task relate to those of the tasks before it.
  public enum Order: String, Codable, CaseIterable, Sendable {
    /// Every task has classes of its own, as in the paper.
    case disjoint
    /// Every task adds classes: it is trained and validated on the images of all classes so far, which are the active
    /// ones, as in class-incremental CIFAR-100 of Dohare et al. (Nature 632, 2024). Later tasks have longer epochs.
    case growing
  }

  /// How many tasks, 1 or more.
  public var count: Int
  /// Classes of a task, 2 or more; in ``Order/growing``, how many it adds. No class is added twice.
  public var classes: Int
  /// Epochs of a task.
  public var epochs: Int
  /// The first so many training images of each class; all if absent.
  public var imagesPerClass: Int?
  /// If absent, ``Start/outputReset`` as in the paper, or where classes grow ``Start/unchanged``.
  public var start: Start?
  /// ``Order/disjoint`` if absent.
  public var order: Order?
  /// How many times the network goes through all tasks, in the same order each time; once if absent.
  public var passes: Int?
  /// The numbers, from 1 through all passes and in their order, of the tasks that are trained at all, each as it would be among all of them;
  /// every one if absent. For ``Start/reinitialized``, where what comes before a task leaves no trace in it.
  public var trained: [Int]?
  /// In every pass other classes come together, not the same tasks again; the same if absent.
  public var reshuffles: Bool?
  /// Snapshots of the ends of every so many tasks alone, and of the last one; of every task if absent. Each task is
  /// validated at its end all the same.
  public var tasksBetweenSnapshots: Int?
  /// Validates each task at its end on its training images too, as they are.
  public var evaluatesTraining: Bool?
  /// Drops of the learning rate in each task.
  public var schedule: StepSchedule?
  /// So many images of each class, the last ones of those that would be trained on, are kept out of training: of the
  /// networks at the ends of a task's epochs the one that does best on them (the first of equals) goes on to the next
  /// task, as in Dohare et al. The optimiser keeps what it remembers.
  public var heldOut: Int?

  /// A learning rate that drops at the same epochs of every task.
  public struct StepSchedule: Codable, Hashable, Sendable {
    /// The epochs of a task, counted from 0, from which on the rate is lower, in ascending order.
    public var milestones: [Int]
    /// What it is multiplied by at each.
    public var factor: Double

    public init(milestones: [Int], factor: Double) {
      self.milestones = milestones
      self.factor = factor
    }

    /// What the rate is multiplied by in an epoch of a task, counted from 0.
    func factor(inEpoch epoch: Int) -> Double {
      milestones.reduce(1) { epoch >= $1 ? $0 * factor : $0 }
    }
  }

  public init(
    count: Int, classes: Int, epochs: Int, imagesPerClass: Int? = nil, start: Start? = nil,
    order: Order? = nil, passes: Int? = nil, trained: [Int]? = nil
  ) {
    self.count = count
    self.classes = classes
    self.epochs = epochs
    self.imagesPerClass = imagesPerClass
    self.start = start
    self.order = order
    self.passes = passes
    self.trained = trained
  }

  /// How often a task begins: that many tasks in each pass.
  public var lessons: Int { trained?.count ?? count * (passes ?? 1) }

  /// Epochs of all tasks that are trained, in all passes.
  public var totalEpochs: Int { lessons * epochs }

  /// What happens when a task begins.
  var startOrDefault: Start { start ?? usualStart }

  /// What happens where nothing else is asked for.
  var usualStart: Start { order == .growing ? .unchanged : .outputReset }

  /// Where the active classes of a task lie in the order in which classes were drawn.
  func places(ofTask task: Int) -> Range<Int> {
    (order == .growing ? 0 : task * classes)..<(task + 1) * classes
  }

  /// Active classes of a task in the mean over those trained: what an epoch costs grows with them.
  public var meanActiveClasses: Double {
    // Where tasks are chosen, classes do not grow.
    let tasks = trained == nil ? Array(0..<count) : [0]
    return Double(tasks.map { places(ofTask: $0).count }.reduce(0, +)) / Double(tasks.count)
  }

  /// Rejects what no run can have, naming the key.
  public func validate() throws(SpecificationProblem) {
    try require(count, in: 1...10_000, "tasks.count")
    try require(classes, in: 2...65_536, "tasks.classes")
    try require(epochs, in: 1...1_000_000, "tasks.epochs")
    if let imagesPerClass { try require(imagesPerClass, in: 1...Int(Int32.max), "tasks.imagesPerClass") }
    if let passes {
      try require(passes, in: 1...1_000, "tasks.passes")
      guard count * passes <= 100_000 else {
        throw SpecificationProblem("tasks.passes", "is \(passes), which makes more than 100000 tasks in all")
      }
    }
    if let trained { try validate(trained: trained) }
    if reshuffles == true {
      guard order != .growing, passes ?? 1 > 1 else {
        throw SpecificationProblem(
          "tasks.reshuffles", "needs several passes through tasks of classes of their own")
      }
    }
    if let tasksBetweenSnapshots {
      try require(tasksBetweenSnapshots, in: 1...100_000, "tasks.tasksBetweenSnapshots")
    }
    if let heldOut { try require(heldOut, in: 1...Int(Int32.max), "tasks.heldOut") }
    if let schedule { try validate(schedule) }
  }

  private func validate(_ schedule: StepSchedule) throws(SpecificationProblem) {
    let key = "tasks.schedule"
    try require(schedule.factor, in: 1e-6...1, key + ".factor")
    try requireCount(schedule.milestones.count, in: 1...100, key + ".milestones")
    for epoch in schedule.milestones { try require(epoch, in: 1...epochs, key + ".milestones") }
    guard zip(schedule.milestones, schedule.milestones.dropFirst()).allSatisfy(<) else {
      throw SpecificationProblem(key + ".milestones", "must be in ascending order, each epoch once")
    }
  }

  private func validate(trained: [Int]) throws(SpecificationProblem) {
    let key = "tasks.trained"
    guard start == .reinitialized, order != .growing else {
      throw SpecificationProblem(
        key,
        "needs tasks that leave no trace in one another: 'start: \"reinitialized\"', classes of their own"
      )
    }
    let all = count * (passes ?? 1)
    try requireCount(trained.count, in: 1...all, key)
    for number in trained { try require(number, in: 1...all, key) }
    guard zip(trained, trained.dropFirst()).allSatisfy(<) else {
      throw SpecificationProblem(key, "must be in ascending order, each task once")
    }
  }
}
