import RankTheory

@testable import Activations

/// The interpolated kernels of all registered activations by name, made once for all tests.
enum InterpolatedKernels {
  static let all: [String: InterpolatedKernel] = {
    var kernels: [String: InterpolatedKernel] = [:]
    for activation in ScalarActivation.all {
      // A test that misses one fails by `#require`.
      guard let standardized = try? StandardizedActivation(activation) else { continue }
      kernels[activation.name] = InterpolatedKernel(standardized)
    }
    return kernels
  }()
}
