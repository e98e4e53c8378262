import Foundation
import LinearAlgebra
import Synchronization
import Testing

@Suite struct SubnormalsTests {
  @inline(never) private static func product(_ a: Float, _ b: Float) -> Float { a * b }

  @Test func aThreadThatFlushesComputesZero() throws {
    let results = Mutex<[Float]>([])
    let small: Float = 1e-30
    let smaller = Float.leastNormalMagnitude / 1_024
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      Subnormals.flush()
      // A product of normal numbers that is subnormal, and a product with a subnormal number.
      let values = [Self.product(small, 1e-10), Self.product(smaller, 1e10), Self.product(small, 1e-5)]
      results.withLock { $0 = values }
      done.signal()
    }
    thread.start()
    done.wait()
    let values = results.withLock { $0 }
    #if arch(x86_64)
      #expect(values[0] == 0 && values[1] == 0)
    #endif
    #expect(values[2] > 0)
    // Other threads compute as before.
    #expect(Self.product(small, 1e-10) > 0)
  }
}
