import Figures
import Specifications

/// An arithmetic expression over the curves of a figure:
/// `final(losses.clone-noise) - final(losses.base)`.
///
/// Numbers, `+ - * /`, parentheses, the functions of ``Statistic``, each of one curve named `panel.series`, those of
/// ``PlacedStatistic``, of a curve and a place on its x axis, and those of ``CurveComparison``, each of two curves.
public struct ClaimExpression: Hashable, Sendable {
  /// One number from one curve.
  public enum Statistic: String, CaseIterable, Sendable {
    /// The last value.
    case final
    /// The first value.
    case initial
    case minimum
    case maximum
    case mean
    /// Largest value minus smallest value.
    case spread
    /// Least-squares slope per unit of x.
    case slope
    /// The mean over the first quarter of the points, over the last, and over those between them: not a number for a curve
    /// of two points or fewer.
    case early
    case late
    case middle
    /// Pearson's correlation of x and y, in [−1, 1].
    case correlation

    /// The statistic of a curve; not a number for an empty one.
    func value(of points: [(x: Double, y: Double)]) -> Double {
      let y = points.map(\.y)
      guard let first = y.first, let last = y.last else { return .nan }
      let low = y.reduce(first) { Swift.min($0, $1) }
      let high = y.reduce(first) { Swift.max($0, $1) }
      switch self {
      case .final: return last
      case .initial: return first
      case .minimum: return low
      case .maximum: return high
      case .spread: return high - low
      case .mean: return Self.mean(y)
      case .early: return Self.mean(y.prefix(Self.quarter(of: y)))
      case .late: return Self.mean(y.suffix(Self.quarter(of: y)))
      case .middle: return Self.mean(y.dropFirst(Self.quarter(of: y)).dropLast(Self.quarter(of: y)))
      case .slope:
        let x = points.map(\.x)
        return Self.covariance(x, y) / Self.covariance(x, x)
      case .correlation:
        let x = points.map(\.x)
        return Self.covariance(x, y) / (Self.covariance(x, x) * Self.covariance(y, y)).squareRoot()
      }
    }

    /// How many points a quarter of a curve has, rounded up.
    private static func quarter(of values: [Double]) -> Int { (values.count + 3) / 4 }

    fileprivate static func mean(_ values: some Collection<Double>) -> Double {
      values.reduce(0, +) / Double(values.count)
    }

    /// The sum, not the mean, of the products of deviations.
    private static func covariance(_ x: [Double], _ y: [Double]) -> Double {
      let (meanX, meanY) = (mean(x), mean(y))
      return zip(x, y).map { ($0 - meanX) * ($1 - meanY) }.reduce(0, +)
    }
  }

  /// One number from a curve and a place on its x axis.
  public enum PlacedStatistic: String, CaseIterable, Sendable {
    /// The value at the place, on a straight line between the points beside it (bars stand at 0, 1, 2, …).
    case at
    /// The mean over the points at the place and after it.
    case meanFrom

    /// The statistic of a curve; not a number where the curve has no values for it.
    func value(of points: [(x: Double, y: Double)], place: Double) -> Double {
      switch self {
      case .at: Interpolation.value(at: place, on: points) ?? .nan
      case .meanFrom: Statistic.mean(points.filter { $0.x >= place }.map(\.y))
      }
    }
  }

  private indirect enum Node: Hashable, Sendable {
    case number(Double)
    case statistic(Statistic, curve: String)
    case placed(PlacedStatistic, curve: String, at: Double)
    case comparison(CurveComparison, String, String)
    case operation(Character, Node, Node)
  }

  private let root: Node

  /// The curves that the expression refers to.
  public let curves: [String]

  /// Parses an expression.
  ///
  /// - Throws: ``ClaimExpressionError`` saying what is wrong with it.
  public init(_ text: String) throws {
    guard text.isOneLine(upTo: Self.greatestLength) else {
      throw ClaimExpressionError(
        expression: text.inOneLine(upTo: 100),
        message: "must be one line of at most \(Self.greatestLength) bytes")
    }
    var parser = Parser(text: Array(text))
    root = try parser.sum()
    guard parser.peek() == nil else { throw parser.error("ends with something it cannot hold") }
    curves = parser.curves
  }

  private static let greatestLength = 4_000

  /// The value, given each curve's points.
  public func value(of points: (String) throws -> [(x: Double, y: Double)]) throws -> Double {
    func evaluate(_ node: Node) throws -> Double {
      switch node {
      case .number(let value): return value
      case .statistic(let statistic, let curve): return statistic.value(of: try points(curve))
      case .placed(let statistic, let curve, let place):
        return statistic.value(of: try points(curve), place: place)
      case .comparison(let comparison, let one, let other):
        return comparison.value(of: try points(one), try points(other))
      case .operation(let symbol, let left, let right):
        let (a, b) = (try evaluate(left), try evaluate(right))
        switch symbol {
        case "+": return a + b
        case "-": return a - b
        case "*": return a * b
        default: return a / b
        }
      }
    }
    return try evaluate(root)
  }

  private struct Parser {
    let text: [Character]
    var place = 0
    var curves: [String] = []

    func error(_ message: String) -> ClaimExpressionError {
      ClaimExpressionError(expression: String(text), message: message)
    }

    mutating func peek() -> Character? {
      while place < text.count, text[place] == " " { place += 1 }
      return place < text.count ? text[place] : nil
    }

    mutating func sum() throws -> Node {
      var left = try product()
      while let symbol = peek(), symbol == "+" || symbol == "-" {
        place += 1
        left = .operation(symbol, left, try product())
      }
      return left
    }

    mutating func product() throws -> Node {
      var left = try factor()
      while let symbol = peek(), symbol == "*" || symbol == "/" {
        place += 1
        left = .operation(symbol, left, try factor())
      }
      return left
    }

    /// Parentheses and signs that are open: each is a few calls deeper.
    var depth = 0

    mutating func factor() throws -> Node {
      depth += 1
      defer { depth -= 1 }
      guard depth < 100 else { throw error("is nested more than 100 deep") }
      guard let first = peek() else { throw error("ends too early") }
      if first == "-" {
        place += 1
        return .operation("-", .number(0), try factor())
      }
      if first == "(" {
        place += 1
        let inner = try sum()
        guard peek() == ")" else { throw error("lacks a ')'") }
        place += 1
        return inner
      }
      if first.isNumber {
        let start = place
        while place < text.count, text[place].isNumber || text[place] == "." { place += 1 }
        guard let number = Double(String(text[start..<place])) else {
          throw error("holds a number that is none")
        }
        return .number(number)
      }
      return try statistic()
    }

    mutating func statistic() throws -> Node {
      let start = place
      while place < text.count, text[place].isLetter { place += 1 }
      let name = String(text[start..<place])
      let statistic = Statistic(rawValue: name)
      let placed = PlacedStatistic(rawValue: name)
      let comparison = CurveComparison(rawValue: name)
      guard statistic != nil || placed != nil || comparison != nil else {
        let known =
          (Statistic.allCases.map(\.rawValue) + PlacedStatistic.allCases.map(\.rawValue)
          + CurveComparison.allCases.map(\.rawValue)).joined(separator: ", ")
        throw error("uses '\(name)', which is no function; known: \(known)")
      }
      guard peek() == "(" else { throw error("lacks a '(' after \(name)") }
      place += 1
      guard let end = text[place...].firstIndex(of: ")") else { throw error("lacks a ')'") }
      let arguments = String(text[place..<end]).split(separator: " ").joined()
        .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      place = end + 1
      curves.append(arguments[0])
      if let statistic {
        guard arguments.count == 1 else { throw error("gives \(name) more than one curve") }
        return .statistic(statistic, curve: arguments[0])
      }
      if let comparison {
        guard arguments.count == 2 else { throw error("needs two curves for '\(name)'") }
        curves.append(arguments[1])
        return .comparison(comparison, arguments[0], arguments[1])
      }
      guard let placed, arguments.count == 2, let x = Double(arguments[1]) else {
        throw error("needs a curve and a place for '\(name)', as in \(name)(panel.series, 2)")
      }
      return .placed(placed, curve: arguments[0], at: x)
    }
  }
}

/// Why a claim's expression cannot be read.
public struct ClaimExpressionError: Error, Equatable, CustomStringConvertible {
  public let expression: String
  public let message: String
  public var description: String { "'\(expression)' \(message)" }
}
