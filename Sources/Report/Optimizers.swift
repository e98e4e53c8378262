import NeuralNetwork

/// The ways in which the runs of a group move their parameters.
struct Optimizers {
  /// What is said of the runs of one kind and rate.
  private struct Details {
    var additions: Set<String> = []
    /// Values by symbol, in the order of the rule's.
    var settings: [(symbol: String, values: Set<Double>)] = []

    mutating func insert(_ value: Double, of symbol: String) {
      if let place = settings.firstIndex(where: { $0.symbol == symbol }) {
        settings[place].values.insert(value)
      } else {
        settings.append((symbol, [value]))
      }
    }
  }

  /// By kind and rate.
  private var details: [String: Details] = [:]

  mutating func insert(_ optimizer: OptimizerSpecification) {
    let rule = optimizer.rule
    let name = "\(type(of: rule).name) \(rule.learningRate)"
    let remedies = optimizer.remedies.map { type(of: $0).name }
    details[name, default: Details()].additions.formUnion(rule.additions + remedies)
    for (symbol, value) in rule.settings { details[name]?.insert(value, of: symbol) }
  }

  /// Such as `noisy SGD 0.01 (σ 0.01, 0.02; λ 0.9)`.
  var inWords: String {
    details.sorted { $0.key < $1.key }.map { name, details in
      var words = details.settings.map { symbol, values in
        "\(symbol) " + values.sorted().map { "\($0)" }.joined(separator: ", ")
      }
      if !details.additions.isEmpty {
        words.append("also with " + details.additions.sorted().joined(separator: ", "))
      }
      return name + (words.isEmpty ? "" : " (\(words.joined(separator: "; ")))")
    }.joined(separator: "; ")
  }
}
