import Glibc
import Synchronization

/// The threads of a process that work together on the pieces of one pass.
///
/// Work is cut into pieces by its size alone, never by how many threads there are, and what pieces compute is put
/// together in a fixed order: any number of threads gives the same bits. Whoever shares work does its pieces itself as
/// long as no other thread takes them, so a thread that the system does not let run holds nobody up before it has
/// begun a piece.
public enum ThreadTeam {
  /// The most threads that ``use(_:)`` takes.
  public static let mostThreads = 256

  private static let shared = Team()

  /// The most threads that work on what is shared, that of the caller included: 1 at first. Scratch memory of threads is
  /// made for so many.
  public static var count: Int { shared.count }

  /// Sets how many threads there are, all of which work from now on.
  ///
  /// Precondition: between 1 and ``mostThreads``.
  public static func use(_ count: Int) {
    enforce(count >= 1 && count <= mostThreads, "a number of threads between 1 and \(mostThreads)")
    shared.resize(to: count)
  }

  /// Sets how many of the ``count`` threads work from now on, at least one. May be called at any time, by any thread.
  public static func limit(to limit: Int) { shared.limit(to: limit) }

  /// Calls `body` once for each of `pieces` pieces, in any order, on any of the threads, and returns when all are done.
  ///
  /// What is shared while other work is, by a piece or by another thread, is done by the caller alone. On one thread
  /// nothing is allocated, on more what holds the body.
  ///
  /// - Parameters:
  ///   - places: the most threads that may take part: those for which there is scratch memory.
  ///   - body: gets the piece and the place of the thread, below `places`, which no other piece has at the same time.
  public static func share(
    _ pieces: Int, places: Int = mostThreads, _ body: (_ piece: Int, _ place: Int) -> Void
  ) {
    shared.share(pieces, places: places, body)
  }
}

/// Threads, and the work that they are at.
///
/// All that a thread must know to take a piece is in one number, the ticket: which work it is, how many pieces it has and
/// the next one. A piece is taken by exchanging the ticket, so that whoever comes late takes nothing of what is over.
final class Team: @unchecked Sendable {
  /// 20 bits for the work's number, 12 for the places of those who may take part, 16 for its pieces, 16 for the next
  /// one.
  private struct Ticket {
    static let mostPieces = 0xffff
    var word: UInt64
    var width: Int { Int((word >> 32) & 0xfff) }
    var pieces: Int { Int((word >> 16) & 0xffff) }
    var next: Int { Int(word & 0xffff) }

    /// Whether there is a piece for the thread at `place`.
    func isOpen(at place: Int) -> Bool { next < pieces && place < width }

    /// The first piece of the work after this one.
    func followed(by pieces: Int, width: Int) -> Ticket {
      let number = (word >> 44) &+ 1
      return Ticket(word: (number << 44) | (UInt64(width) << 32) | (UInt64(pieces) << 16))
    }
  }

  private let ticket = Atomic<UInt64>(0)
  private let done = Atomic<Int>(0)
  private let isBusy = Atomic<Bool>(false)
  private let width = Atomic<Int>(1)
  private let limit = Atomic<Int>(1)
  private let sleepers = Atomic<Int>(0)
  /// Set by whoever shares before the ticket is given out, read by who has taken a piece.
  private var body: ((Int, Int) -> Void)?
  private var started = 1
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wakeUp = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(threads: Int = 1) {
    resize(to: threads)
    pthread_mutex_init(lock, nil)
    pthread_cond_init(wakeUp, nil)
  }

  var count: Int { width.load(ordering: .relaxed) }

  /// How many take part in what is shared next.
  var active: Int { min(limit.load(ordering: .relaxed), count) }

  func resize(to count: Int) {
    width.store(count, ordering: .relaxed)
    limit.store(count, ordering: .relaxed)
  }

  func limit(to count: Int) { limit.store(max(1, count), ordering: .relaxed) }

  func share(_ pieces: Int, places: Int = ThreadTeam.mostThreads, _ body: (Int, Int) -> Void) {
    let width = min(active, places)
    guard pieces > 1, width > 1 else {
      for piece in 0..<pieces { body(piece, 0) }
      return
    }
    let taken = isBusy.compareExchange(
      expected: false, desired: true, ordering: .acquiring)
    guard taken.exchanged, pieces <= Ticket.mostPieces else {
      if taken.exchanged { isBusy.store(false, ordering: .releasing) }
      for piece in 0..<pieces { body(piece, 0) }
      return
    }
    startThreads(width)
    withoutActuallyEscaping(body) { body in
      self.body = body
      done.store(0, ordering: .relaxed)
      let open = Ticket(word: ticket.load(ordering: .relaxed)).followed(by: pieces, width: width)
      ticket.store(open.word, ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
        pthread_mutex_lock(lock)
        pthread_cond_broadcast(wakeUp)
        pthread_mutex_unlock(lock)
      }
      while let piece = take(at: 0) {
        body(piece, 0)
        done.add(1, ordering: .relaxed)
      }
      var turns = 0
      while done.load(ordering: .acquiring) < pieces { Self.pause(&turns) }
      self.body = nil
    }
    isBusy.store(false, ordering: .releasing)
  }

  /// The next piece of the work at hand, nil if there is none for the thread at `place`.
  private func take(at place: Int) -> Int? {
    var word = ticket.load(ordering: .acquiring)
    while true {
      let seen = Ticket(word: word)
      guard seen.isOpen(at: place) else { return nil }
      let result = ticket.compareExchange(
        expected: word, desired: word + 1, ordering: .acquiringAndReleasing)
      if result.exchanged { return seen.next }
      word = result.original
    }
  }

  /// Threads inherit how subnormal numbers are taken from the one that starts them (``Subnormals``).
  private func startThreads(_ count: Int) {
    while started < count {
      let start = Unmanaged.passRetained(Start(team: self, place: started))
      var thread = pthread_t()
      var attributes = pthread_attr_t()
      pthread_attr_init(&attributes)
      pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
      // OpenBLAS takes its buffers from elsewhere; 8 MB, what a program's own thread has.
      pthread_attr_setstacksize(&attributes, 8 << 20)
      let status = pthread_create(
        &thread, &attributes,
        { argument in
          guard let argument else { return nil }
          let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
          start.team.work(at: start.place)
        }, start.toOpaque())
      pthread_attr_destroy(&attributes)
      guard status == 0 else {
        // Fewer threads give the same bits later.
        start.release()
        limit(to: started)
        return
      }
      started += 1
    }
  }

  private final class Start {
    let team: Team
    let place: Int
    init(team: Team, place: Int) {
      self.team = team
      self.place = place
    }
  }

  /// What a thread does for ever.
  private func work(at place: Int) -> Never {
    var signals = sigset_t()
    sigfillset(&signals)
    // Requests to stop are for the thread that the program began with.
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    var turns = 0
    while true {
      if let piece = take(at: place) {
        turns = 0
        run(piece, at: place)
        done.add(1, ordering: .releasing)
      } else if turns < Self.patience {
        Self.pause(&turns)
      } else {
        sleep(at: place)
        turns = 0
      }
    }
  }

  /// Does a piece that was taken and is not done, so that the work stays what it is. What this holds of the body is let go
  /// when it returns: the body must be the sharer's alone again once all pieces are done.
  @inline(never)
  private func run(_ piece: Int, at place: Int) { body?(piece, place) }

  /// Some fifty microseconds: the parts of a step that are not shared are shorter.
  private static let patience = 400

  /// Waits a moment, and lets others run if it takes longer.
  @inline(__always)
  private static func pause(_ turns: inout Int) {
    turns += 1
    if turns > 100 { sched_yield() }
  }

  private func sleep(at place: Int) {
    pthread_mutex_lock(lock)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while !Ticket(word: ticket.load(ordering: .sequentiallyConsistent)).isOpen(at: place) {
      pthread_cond_wait(wakeUp, lock)
    }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(lock)
  }
}
