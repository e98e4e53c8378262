/// Work of which some waits for other work: how long it takes at least, and on so many cores.
public struct WorkSchedule: Sendable {
  /// Seconds of each piece of work, on one core.
  private let seconds: [Double]
  /// Who waits for each, and for how many each waits.
  private let readers: [[Int]]
  private let waits: [Int]

  /// All of it, one after the other.
  public let total: Double
  /// The longest chain of pieces that wait for each other, by place, from the first to the last; empty if there is no work.
  public let longestChain: [Int]
  /// How long that chain takes, whatever the number of cores.
  public let longestSeconds: Double

  /// - Parameters:
  ///   - seconds: not negative.
  ///   - inputs: what each waits for, by place: all before itself.
  public init(seconds: [Double], inputs: [[Int]]) {
    precondition(seconds.count == inputs.count, "work and what it waits for must be of one length")
    self.seconds = seconds
    var readers = Array(repeating: [Int](), count: seconds.count)
    var ends: [Double] = []
    var previous: [Int?] = []
    for (place, all) in inputs.enumerated() {
      for input in all {
        precondition((0..<place).contains(input), "work must come after what it waits for")
        readers[input].append(place)
      }
      let latest = all.max { (ends[$0], $1) < (ends[$1], $0) }
      previous.append(latest)
      ends.append(seconds[place] + (latest.map { ends[$0] } ?? 0))
    }
    self.readers = readers
    waits = inputs.map(\.count)
    total = seconds.reduce(0, +)
    var chain: [Int] = []
    var link = ends.indices.max { (ends[$0], $1) < (ends[$1], $0) }
    longestSeconds = link.map { ends[$0] } ?? 0
    while let place = link {
      chain.append(place)
      link = previous[place]
    }
    longestChain = chain.reversed()
  }

  /// How long all takes on some cores, if whichever is free takes the longest piece that waits for nothing any more. Memory
  /// is no limit, and each piece takes one core.
  public func seconds(cores: Int) -> Double {
    precondition(cores > 0, "work needs a core")
    var open = waits
    var ready = PriorityQueue<Int> { [seconds] in (seconds[$1], $0) < (seconds[$0], $1) }
    var running = PriorityQueue<(end: Double, place: Int)> { ($0.end, $0.place) < ($1.end, $1.place) }
    for place in open.indices where open[place] == 0 { ready.insert(place) }
    var free = cores
    var now = 0.0
    while true {
      while free > 0, let place = ready.popFirst() {
        running.insert((now + seconds[place], place))
        free -= 1
      }
      guard let done = running.popFirst() else { return now }
      now = done.end
      free += 1
      for reader in readers[done.place] {
        open[reader] -= 1
        if open[reader] == 0 { ready.insert(reader) }
      }
    }
  }
}
