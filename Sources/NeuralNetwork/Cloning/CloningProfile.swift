import LinearAlgebra

/// How the features of one interface of a clone repeat those of its base: the cloning profile of the paper
/// (appendix A.4), a map from the clone's features onto the base's units.
///
/// Neighbouring units are copied together in groups. In groups of one, the rule, unit i becomes the features
/// k·i … k·i+k−1. Between the two linear layers of attention whose heads are duplicated a group is a
/// head: its copies follow one another as wholes.
public struct CloningProfile: Hashable, Sendable {
  /// The base's features.
  public let units: Int
  /// How many features of the clone repeat each of them.
  public let copies: Int
  /// How many neighbouring units are copied together; 1 where nothing is copied.
  public let groupSize: Int

  /// Precondition: `units` is a multiple of `groupSize`, and all are positive.
  public init(units: Int, copies: Int = 1, groupSize: Int = 1) {
    enforce(units > 0 && copies > 0 && groupSize > 0, "at least one unit, copy and unit of a group")
    enforce(units % groupSize == 0, "whole groups")
    self.units = units
    self.copies = copies
    // Two profiles without copies are the same map.
    self.groupSize = copies > 1 ? groupSize : 1
  }

  /// The clone's features.
  public var features: Int { units * copies }

  /// Whether any unit has more than one copy.
  public var isCloned: Bool { copies > 1 }

  /// The base's unit that `feature` of the clone repeats.
  public func origin(of feature: Int) -> Int {
    feature / (copies * groupSize) * groupSize + feature % groupSize
  }

  /// The features that repeat `unit`, in order.
  public func features(of unit: Int) -> StrideTo<Int> {
    let first = firstCopy(of: unit)
    return stride(from: first, to: first + copies * groupSize, by: groupSize)
  }

  /// The first feature that repeats `unit`; the others follow ``groupSize`` apart.
  public func firstCopy(of unit: Int) -> Int {
    unit / groupSize * groupSize * copies + unit % groupSize
  }
}

extension CloningProfile: CustomStringConvertible {
  /// `10 units, not copied`, `10 units with 2 copies each`, `12 units with 2 copies of each group of 6`.
  public var description: String {
    let units = "\(units) unit\(units == 1 ? "" : "s")"
    guard isCloned else { return "\(units), not copied" }
    return groupSize == 1
      ? "\(units) with \(copies) copies each" : "\(units) with \(copies) copies of each group of \(groupSize)"
  }
}
