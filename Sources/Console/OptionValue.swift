/// A type that an option's value can have. String enumerations with `CaseIterable` get it for free.
public protocol OptionValue: Sendable {
  init?(optionText: String)
  /// For messages, such as `a whole number`.
  static var expectation: String { get }
  /// All accepted texts, where they are few.
  static var choices: [String] { get }
}

extension OptionValue {
  public static var choices: [String] { [] }
}

extension String: OptionValue {
  public init?(optionText: String) { self = optionText }
  public static var expectation: String { "a text" }
}

extension Int: OptionValue {
  /// Digits, with `_` between them if wanted.
  public init?(optionText: String) { self.init(optionText.filter { $0 != "_" }) }
  public static var expectation: String { "a whole number" }
}

extension Double: OptionValue {
  /// A finite number.
  public init?(optionText: String) {
    guard let value = Double(optionText), value.isFinite else { return nil }
    self = value
  }
  public static var expectation: String { "a number" }
}

extension OptionValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  public init?(optionText: String) { self.init(rawValue: optionText) }
  public static var expectation: String { "one of \(choices.joined(separator: ", "))" }
  public static var choices: [String] { allCases.map(\.rawValue) }
}

/// Which values of an option are accepted.
public struct AllowedValues<Value>: Sendable {
  let contains: @Sendable (Value) -> Bool
  /// For messages, such as `1 to 100`.
  let text: String

  public static var any: AllowedValues { AllowedValues(contains: { _ in true }, text: "") }
}

extension AllowedValues where Value: Comparable & Sendable {
  public static func from(_ range: ClosedRange<Value>) -> AllowedValues {
    AllowedValues(contains: { range.contains($0) }, text: "\(range.lowerBound) to \(range.upperBound)")
  }

  public static func atLeast(_ bound: Value) -> AllowedValues {
    AllowedValues(contains: { $0 >= bound }, text: "at least \(bound)")
  }

  public static func above(_ bound: Value) -> AllowedValues {
    AllowedValues(contains: { $0 > bound }, text: "more than \(bound)")
  }
}
