/// The declaration of a tool's command line, from which it is parsed and its help is written.
///
/// ```swift
/// var options = CommandLineOptions(tool: "train", summary: "Trains one run.")
/// let job = options.positional("JOB", String.self, help: "the job file")
/// let store = options.option("store", String.self, value: "FOLDER", default: ".store", help: "where results are")
/// let seeds = options.optional("seeds", Int.self, value: "N", in: .atLeast(1), help: "number of seeds")
/// let arguments = try options.parse()
/// run(arguments[job], in: arguments[store], seeds: arguments[seeds])
/// ```
public struct CommandLineOptions: Sendable {
  /// What a declaration returns: the key to the parsed value.
  public struct Option<Value: Sendable>: Sendable {
    let index: Int
    let decode: @Sendable ([String]) throws -> Value
  }

  enum Form: Equatable {
    case flag
    case single(isRequired: Bool)
    case repeated
    case positional
    case positionals(minimum: Int)
  }

  struct Declaration: Sendable {
    /// `--name`, or the placeholder of a positional argument.
    let label: String
    let form: Form
    /// Of the value, in capitals; empty for flags.
    let placeholder: String
    let help: String
    let defaultText: String?
    let choices: [String]
    let allowed: String
    let validate: @Sendable ([String]) throws -> Void

    var isPositional: Bool {
      switch form {
      case .positional, .positionals: true
      default: false
      }
    }
  }

  let tool: String
  let summary: String
  private(set) var declarations: [Declaration] = []

  /// - Parameter summary: one sentence for the help.
  public init(tool: String, summary: String) {
    self.tool = tool
    self.summary = summary
  }

  /// `--name`, true when given.
  public mutating func flag(_ name: String, help: String) -> Option<Bool> {
    add("--\(name)", .flag, "", help) { !$0.isEmpty }
  }

  /// `--name VALUE`, which must be given.
  public mutating func required<Value: OptionValue>(
    _ name: String, _ type: Value.Type, value placeholder: String, in allowed: AllowedValues<Value> = .any,
    help: String
  ) -> Option<Value> {
    single("--\(name)", isRequired: true, placeholder, help, defaultText: nil, allowed) { value, _ in
      guard let value else { throw CommandLineError.missingOption("--\(name)") }
      return value
    }
  }

  /// `--name VALUE` with a value for when it is not given.
  public mutating func option<Value: OptionValue>(
    _ name: String, _ type: Value.Type, value placeholder: String, default fallback: Value,
    in allowed: AllowedValues<Value> = .any, help: String
  ) -> Option<Value> {
    single("--\(name)", isRequired: false, placeholder, help, defaultText: Self.text(fallback), allowed) {
      value, _ in
      value ?? fallback
    }
  }

  /// `--name VALUE`, nil when it is not given.
  public mutating func optional<Value: OptionValue>(
    _ name: String, _ type: Value.Type, value placeholder: String, in allowed: AllowedValues<Value> = .any,
    help: String
  ) -> Option<Value?> {
    single("--\(name)", isRequired: false, placeholder, help, defaultText: nil, allowed) { value, _ in value }
  }

  /// `--name VALUE`, any number of times.
  public mutating func repeated<Value: OptionValue>(
    _ name: String, _ type: Value.Type, value placeholder: String, in allowed: AllowedValues<Value> = .any,
    help: String
  ) -> Option<[Value]> {
    let label = "--\(name)"
    return add(label, .repeated, placeholder, help, choices: Value.choices, allowed: allowed.text) { texts in
      try texts.map { try Self.convert($0, label, allowed) }
    }
  }

  /// The next argument that is not an option; it must be given.
  public mutating func positional<Value: OptionValue>(
    _ placeholder: String, _ type: Value.Type, in allowed: AllowedValues<Value> = .any, help: String
  ) -> Option<Value> {
    add(placeholder, .positional, placeholder, help, choices: Value.choices, allowed: allowed.text) { texts in
      guard let text = texts.first else { throw CommandLineError.missingArgument(placeholder) }
      return try Self.convert(text, placeholder, allowed)
    }
  }

  /// All further arguments that are not options; nothing positional can be declared after them.
  public mutating func positionals<Value: OptionValue>(
    _ placeholder: String, _ type: Value.Type, minimum: Int = 0, in allowed: AllowedValues<Value> = .any,
    help: String
  ) -> Option<[Value]> {
    let form = Form.positionals(minimum: minimum)
    return add(placeholder, form, placeholder, help, choices: Value.choices, allowed: allowed.text) { texts in
      guard texts.count >= minimum else { throw CommandLineError.missingArgument(placeholder) }
      return try texts.map { try Self.convert($0, placeholder, allowed) }
    }
  }

  private mutating func single<Value: OptionValue, Result: Sendable>(
    _ label: String, isRequired: Bool, _ placeholder: String, _ help: String, defaultText: String?,
    _ allowed: AllowedValues<Value>, _ finish: @escaping @Sendable (Value?, String) throws -> Result
  ) -> Option<Result> {
    add(
      label, .single(isRequired: isRequired), placeholder, help, defaultText: defaultText,
      choices: Value.choices,
      allowed: allowed.text
    ) { texts in
      try finish(texts.first.map { try Self.convert($0, label, allowed) }, label)
    }
  }

  private mutating func add<Value: Sendable>(
    _ label: String, _ form: Form, _ placeholder: String, _ help: String, defaultText: String? = nil,
    choices: [String] = [], allowed: String = "", decode: @escaping @Sendable ([String]) throws -> Value
  ) -> Option<Value> {
    precondition(
      !declarations.contains { $0.label == label } && label != "--help", "\(label) is declared twice")
    if case .positionals = declarations.last(where: \.isPositional)?.form {
      precondition(form == .flag || label.hasPrefix("--"), "\(label) can never be reached")
    }
    declarations.append(
      Declaration(
        label: label, form: form, placeholder: placeholder, help: help, defaultText: defaultText,
        choices: choices,
        allowed: allowed, validate: { _ = try decode($0) }))
    return Option(index: declarations.count - 1, decode: decode)
  }

  private static func convert<Value: OptionValue>(
    _ text: String, _ label: String, _ allowed: AllowedValues<Value>
  ) throws -> Value {
    guard let value = Value(optionText: text) else {
      throw CommandLineError.badValue(
        option: label, value: text, expected: Value.expectation,
        suggestion: Spelling.closest(to: text, among: Value.choices))
    }
    guard allowed.contains(value) else {
      throw CommandLineError.outOfRange(option: label, value: text, allowed: allowed.text)
    }
    return value
  }

  private static func text<Value: OptionValue>(_ value: Value) -> String {
    (value as? any RawRepresentable).map { "\($0.rawValue)" } ?? "\(value)"
  }
}
