import Foundation
import Testing

/// Promise: a warm training step allocates nothing, not even for a moment.
///
/// Every call of the allocator is counted, in a run with few steps and in one with many; all else is equal.
@Suite struct AllocationTests {
  /// Counts calls of glibc's allocator and says the number when the process ends.
  private static let counter = """
    #include <stddef.h>
    #include <stdio.h>
    #include <unistd.h>
    extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t),
        *__libc_memalign(size_t, size_t);
    static unsigned long calls;
    #define COUNT __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED)
    void *malloc(size_t size) { COUNT; return __libc_malloc(size); }
    void *calloc(size_t count, size_t size) { COUNT; return __libc_calloc(count, size); }
    void *realloc(void *old, size_t size) { COUNT; return __libc_realloc(old, size); }
    void *aligned_alloc(size_t alignment, size_t size) { COUNT; return __libc_memalign(alignment, size); }
    int posix_memalign(void **result, size_t alignment, size_t size) {
      COUNT;
      *result = __libc_memalign(alignment, size);
      return *result ? 0 : 12;
    }
    __attribute__((destructor)) static void report(void) {
      char text[64];
      int length = snprintf(text, sizeof text, "\\nallocations %lu\\n", calls);
      if (write(2, text, (size_t)length) < 0) calls = 0;
    }
    """

  static let optimizers = [
    "kind: \"sgd\", learningRate: 0.01", "kind: \"sgd\", learningRate: 0.01, momentum: 0.9",
    "kind: \"adam\", learningRate: 0.001", "kind: \"rmsprop\", learningRate: 0.001",
    "kind: \"noisySGD\", learningRate: 0.01, noiseScale: 0.01, noiseDecay: 0.99",
  ]

  @Test(arguments: optimizers) func stepsAllocateNothing(_ optimizer: String) throws {
    var few = try allocations(images: 16, optimizer: optimizer)
    var many = try allocations(images: 160, optimizer: optimizer)
    if abs(many - few) >= 9 {
      // What the clock adds on a busy machine, such as a line of progress, is not in every run; what a step allocates is.
      few = min(few, try allocations(images: 16, optimizer: optimizer))
      many = min(many, try allocations(images: 160, optimizer: optimizer))
    }
    // 36 more steps of four images: one allocation each would show. The texts of numbers differ in length, which
    // costs or saves a few.
    #expect(abs(many - few) < 9, "\(few) for 4 steps, \(many) for 40")
  }

  /// The allocator calls of one epoch with dropout on so many images.
  private func allocations(images: Int, optimizer: String) throws -> Int {
    let text = TinyChapter(baseEpochs: 1, cloneEpochs: 0).text
      .replacingOccurrences(of: "kind: \"sgd\", learningRate: 0.01", with: optimizer)
      .replacingOccurrences(of: "dropout: 0 }", with: "dropout: 0.1 }")
      .replacingOccurrences(of: "batchSize: 16", with: "batchSize: 4")
      .replacingOccurrences(of: "set: \"cifar-10\",", with: "set: \"cifar-10\", trainingImages: \(images),")
      .replacingOccurrences(of: ", clone: 2,", with: ",")
      .replacingOccurrences(
        of: "optimizer: { kind: \"noisySGD\", noiseScale: 0.01, noiseDecay: 0.99 }", with: ""
      )
      .replacingOccurrences(of: "metric: \"cloningR2\"", with: "metric: \"effectiveRank\"")
    let bench = try Workbench(chapter: text)
    let job = try bench.prepareJob(of: "train training seed 40")
    let source = bench.folder + "/counter.c"
    let library = bench.folder + "/counter.so"
    try bench.write(Self.counter, to: source)
    let compiler = try Running("/usr/bin/env", ["clang", "-shared", "-fPIC", "-O1", "-o", library, source])
      .wait()
    try #require(compiler.code == 0, "\(compiler.text)")
    let run = try Running(
      Self.repositoryTool("train"), ["--store", bench.store, "--job", job],
      environment: ["LD_PRELOAD": library]
    ).wait()
    #expect(run.code == 0, "\(run.text)")
    let line = try #require(run.text.split(separator: "\n").last { $0.hasPrefix("allocations ") })
    return try #require(Int(line.dropFirst("allocations ".count)))
  }

  private static func repositoryTool(_ name: String) -> String {
    Workbench.repository + "/.build/release/" + name
  }
}
