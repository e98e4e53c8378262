import LinearAlgebra
import Testing

@testable import BitFlipping

@Suite("Learner row by row") struct RowLearnerTests {
  struct Trial: CustomTestStringConvertible {
    var method: LearningMethod
    var width = 17
    var activation = HiddenActivation.relu
    var testDescription: String { "\(activation) of width \(width), \(method)" }
  }

  static var trials: [Trial] {
    let perturbation = LearningMethod.Perturbation(shrink: 0.999, variance: 1e-5)
    return [
      Trial(method: LearningMethod(dropout: 0.3)),
      Trial(method: LearningMethod(dropout: 0.3), width: 5, activation: .silu),
      Trial(method: LearningMethod(weightDecay: 1e-2, dropout: 0.5), width: 16, activation: .sigmoid),
      Trial(method: LearningMethod(perturbation: perturbation)),
      Trial(method: LearningMethod(perturbation: perturbation), width: 5, activation: .sigmoid),
      Trial(method: LearningMethod(dropout: 0.1, perturbation: perturbation), activation: .leakyReLU),
    ]
  }

  /// Descent, weight decay, dropout and shrink and perturb in loops over single numbers.
  @Test("follows its methods' formulas with the streams of its seed", arguments: trials)
  func formulas(_ trial: Trial) {
    let (width, method) = (trial.width, trial.method)
    let course = Course(stream: StreamSpecification(period: 100), width: width, examples: 250)
    let learner = RowLearner<Double>(
      stream: course.stream, parameters: course.beginning, activation: trial.activation, method: method,
      seed: 9)
    // Row by row as the noise goes: bits, constant, bias, output weights, and the output bias.
    var values = course.beginning.values
    let inputs = course.stream.bits + 2
    var random = RandomNumbers(method, units: width, parameters: values.count, seed: 9)
    course.forEachTask { stream, patterns in
      learner.beginTask(flippingBits: stream.flippingBits)
      for pattern in patterns {
        let loss = [pattern].withUnsafeBufferPointer { learner.learn($0, targets: stream.targets) }
        let x = example(Int(pattern), stream).map { $0 ? 1.0 : 0 } + [1, 1]
        let (factors, noise) = random.next()
        let potentials = (0..<width).map { unit in
          (0..<inputs).reduce(0) { $0 + values[$1 * width + unit] * x[$1] }
        }
        let hidden = (0..<width).map {
          ReferenceLearner.value(trial.activation, potentials[$0]) * factors[$0]
        }
        let output = (0..<width).reduce(values[values.count - 1]) {
          $0 + hidden[$1] * values[inputs * width + $1]
        }
        let error = output - stream.targets[Int(pattern)]
        #expect(abs(loss - error * error) < 1e-9)
        var gradient = [Double](repeating: 2 * error, count: values.count)
        for unit in 0..<width {
          let slope = ReferenceLearner.derivative(trial.activation, potentials[unit])
          let delta = 2 * error * values[inputs * width + unit] * factors[unit] * slope
          for input in 0..<inputs { gradient[input * width + unit] = delta * x[input] }
          gradient[inputs * width + unit] = 2 * error * hidden[unit]
        }
        for index in values.indices {
          values[index] -= method.learningRate * (gradient[index] + (method.weightDecay ?? 0) * values[index])
          guard let perturbation = method.perturbation else { continue }
          values[index] *= perturbation.shrink
          values[index] += perturbation.variance.squareRoot() * noise[index]
        }
      }
    }
    let differences = zip(learner.parameters.values, values).map { abs($0 - $1) }
    #expect((differences.max() ?? .nan) < 1e-9)
  }

  /// Dropout factors and noise by example, drawn for 32 examples at once.
  private struct RandomNumbers {
    let method: LearningMethod
    let units: Int
    let parameters: Int
    var dropout: RandomStream
    var perturbation: RandomStream
    var factors: [Double] = []
    var noise: [Double] = []
    var examples = 0

    init(_ method: LearningMethod, units: Int, parameters: Int, seed: UInt64) {
      self.method = method
      self.units = units
      self.parameters = parameters
      dropout = RandomStream(seed: seed, purpose: "bit-flipping dropout")
      perturbation = RandomStream(seed: seed, purpose: "bit-flipping perturbation")
    }

    mutating func next() -> (factors: [Double], noise: [Double]) {
      let place = examples % 32
      examples += 1
      if place == 0 {
        factors = [Double](repeating: 1, count: 32 * units)
        noise = [Double](repeating: 0, count: 32 * parameters)
        if let probability = method.dropout {
          factors.withUnsafeMutableBufferPointer { dropout.fillDropoutFactors($0, probability: probability) }
        }
        noise.withUnsafeMutableBufferPointer { perturbation.fillNormal($0) }
      }
      return (
        Array(factors[place * units..<(place + 1) * units]),
        Array(noise[place * parameters..<(place + 1) * parameters])
      )
    }
  }
}
