import Foundation
import Synchronization
import Testing

@testable import LinearAlgebra

struct ThreadTeamTests {
  @Test(arguments: [1, 2, 3, 8])
  func everyPieceIsDoneOnce(threads: Int) {
    let team = Team(threads: threads)
    for pieces in [0, 1, 2, 7, 64, 1_000] {
      let counts = (0..<pieces).map { _ in Counter() }
      for _ in 0..<20 {
        team.share(pieces) { piece, place in
          #expect(place < max(threads, 1))
          counts[piece].add()
        }
      }
      #expect(counts.allSatisfy { $0.value == 20 })
    }
  }

  @Test func noTwoPiecesHaveAPlaceAtTheSameTime() {
    let team = Team(threads: 4)
    let places = (0..<4).map { _ in Counter() }
    team.share(400) { _, place in
      #expect(places[place].add() == 1)
      usleep(50)
      places[place].add(-1)
    }
  }

  @Test func onlySoManyTakePartAsThereArePlaces() {
    let team = Team(threads: 8)
    team.share(200, places: 2) { _, place in
      #expect(place < 2)
      usleep(20)
    }
    team.limit(to: 1)
    team.share(50) { _, place in #expect(place == 0) }
  }

  @Test func whatIsSharedByAPieceIsDoneToo() {
    let team = Team(threads: 3)
    let count = Counter()
    team.share(20) { _, _ in team.share(10) { _, _ in count.add() } }
    #expect(count.value == 200)
  }

  @Test func whatOtherThreadsShareAtTheSameTimeIsDoneToo() async {
    let team = Team(threads: 2)
    let count = Counter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { for _ in 0..<200 { team.share(16) { _, _ in count.add() } } }
      }
    }
    #expect(count.value == 8 * 200 * 16)
  }

  @Test func aThreadThatSleepsIsWoken() {
    let team = Team(threads: 2)
    for _ in 0..<5 {
      let seen = Counter()
      // Long enough for the other one to fall asleep.
      usleep(20_000)
      team.share(2) { _, _ in
        seen.add()
        // Both are needed: each waits for the other.
        let deadline = Date().addingTimeInterval(20)
        while seen.value < 2, Date() < deadline { sched_yield() }
        #expect(seen.value == 2)
      }
    }
  }

  @Test func nothingIsNoPiece() {
    #expect(Pieces(of: 0, smallest: 512, most: 0).count == 0)
    ThreadTeam.shareRows(0, of: 100_000) { _, _ in Issue.record("there is nothing to do") }
    ThreadTeam.shareScalars(0) { _, _ in Issue.record("there is nothing to do") }
  }

  @Test(arguments: [(1, 0), (1, 1), (64, 1), (65, 1), (100, 7), (1_000, 1_000), (999, 5_000)])
  func piecesCoverWhatThereIs(smallest: Int, total: Int) {
    for unit in [1, 16] {
      let pieces = Pieces(of: total, smallest: smallest, most: 8, unit: unit)
      #expect(pieces.count <= 8)
      #expect((0..<pieces.count).flatMap { Array(pieces[$0]) } == Array(0..<total))
      for piece in 0..<max(pieces.count - 1, 0) { #expect(pieces[piece].count % unit == 0) }
    }
  }
}

final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  var value: Int { count.load(ordering: .acquiring) }

  @discardableResult
  func add(_ number: Int = 1) -> Int { count.add(number, ordering: .acquiringAndReleasing).newValue }
}

/// Where tests set the number of threads of the process, it makes no difference to others.
@Suite(.serialized)
struct SharedProductTests {
  /// Sizes that are cut by rows, by columns, along the sum and not at all; some have odd rests.
  static let sizes = [(1_037, 70, 101), (100, 1_201, 67), (65, 49, 4_111), (30, 20, 10)]

  @Test(arguments: sizes, [(false, false), (false, true), (true, false)])
  func hasTheSameBitsOnAnyNumberOfThreads(size: (Int, Int, Int), transposed: (Bool, Bool)) {
    let (m, n, k) = size
    let product = SharedProduct(m: m, n: n, k: k, isOverSamples: true)
    let arena = Arena<Float>(capacity: m * k + k * n + 8 * m * n + product.scratchCount + 1_000)
    let a = arena.take(rows: 1, columns: m * k)
    let b = arena.take(rows: 1, columns: k * n)
    let scratch = arena.take(rows: 1, columns: product.scratchCount)
    var stream = RandomStream(seed: 1, purpose: "shared product")
    stream.fillNormal(a.buffer)
    stream.fillNormal(b.buffer)
    func multiply(_ body: (UnsafeMutablePointer<Float>) -> Void) -> Matrix<Float> {
      let c = arena.take(rows: m, columns: n)
      body(c.elements)
      return c
    }
    let plain = multiply { c in
      Float.gemm(
        transposeA: transposed.0, transposeB: transposed.1, m: m, n: n, k: k, alpha: 1, a: a.elements,
        strideA: transposed.0 ? m : k, b: b.elements, strideB: transposed.1 ? k : n, beta: 0, c: c, strideC: n
      )
    }
    let results = [1, 2, 4, 8].map { threads in
      ThreadTeam.use(threads)
      defer { ThreadTeam.use(1) }
      return multiply { c in
        product.run(
          transposeA: transposed.0, transposeB: transposed.1, a: a.elements, strideA: transposed.0 ? m : k,
          b: b.elements, strideB: transposed.1 ? k : n, beta: 0, c: c, strideC: n, scratch: scratch.elements)
      }
    }
    for result in results {
      #expect(result.buffer.elementsEqual(results[0].buffer))
      let largest = zip(result.buffer, plain.buffer).map { abs($0 - $1) }.max() ?? 0
      #expect(largest < 1e-4 * Float(k).squareRoot())
    }
  }

  @Test func shardsAreAddedInPairs() {
    let arena = Arena<Double>(capacity: 5 * 20 + 40)
    let vectors = arena.take(rows: 5, columns: 20)
    let sum = arena.take(rows: 1, columns: 20)
    for index in 0..<100 { vectors.elements[index] = 1 / Double(index + 3) }
    let kept = Array(vectors.buffer)
    ShardSums.add(vectors.elements, shards: 5, count: 20, into: sum.elements)
    for column in 0..<20 {
      let x = (0..<5).map { kept[$0 * 20 + column] }
      #expect(sum.elements[column] == ((x[0] + x[1]) + (x[2] + x[3])) + x[4])
    }
  }
}
