import Activations
import Testing

@testable import RankTheory

@Suite struct ActivationTests {
  @Test func namesAreUniqueAndFound() throws {
    let names = ScalarActivation.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.count == 13)
    for name in names { #expect(try ScalarActivation.named(name).name == name) }
  }

  @Test func anUnknownNameIsAnError() {
    #expect(throws: RankTheoryError.unknownActivation(name: "swish", known: ScalarActivation.all.map(\.name)))
    {
      try ScalarActivation.named("swish")
    }
  }

  @Test(arguments: ScalarActivation.all.map(\.name))
  func derivativesAreThoseOfTheValues(name: String) throws {
    let activation = try ScalarActivation.named(name)
    for copy in [activation, activation.modulated(scale: -1.7, bias: 0.4)] {
      for x in [-7.3, -2.1, -0.6, -0.01, 0.02, 0.3, 0.9, 1.8, 6.2] {
        let step = 1e-4
        // Fourth order, so that the error is the rounding.
        let near = copy.value(x + step) - copy.value(x - step)
        let far = copy.value(x + 2 * step) - copy.value(x - 2 * step)
        let difference = (8 * near - far) / (12 * step)
        #expect(abs(difference - copy.derivative(x)) < 2e-11 * max(1, abs(copy.value(x))), "at \(x)")
      }
    }
  }

  @Test func modulationMovesKinksAndStructure() {
    let activation = ScalarActivation.eLU.modulated(scale: -2, bias: 3)
    #expect(activation.kinks == [1.5])
    #expect(activation.structure == .within(-2.5...5.5))
    #expect(ScalarActivation.sine.modulated(scale: -4, bias: 1).structure == .periodic(.pi / 2))
    #expect(activation.value(1) == ScalarActivation.eLU.value(1))
    #expect(activation.value(2) == ScalarActivation.eLU.value(-1))
  }

  @Test func onlyAModulationThatKeepsTheKernelKeepsItsClosedForm() {
    #expect(ScalarActivation.reLU.modulated(scale: -1, bias: 0).closedFormKernel != nil)
    #expect(ScalarActivation.reLU.modulated(scale: 1, bias: 0.1).closedFormKernel == nil)
    #expect(ScalarActivation.erf.modulated(scale: 2, bias: 0).closedFormKernel == nil)
  }
}
