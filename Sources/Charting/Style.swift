/// How a series looks: a colour of the palette, a dash pattern, and perhaps symbols along the line.
public struct Style: Hashable, Sendable {
  public enum Dash: Hashable, Sendable, CaseIterable {
    case solid, dashed, dotted, dashDotted, longDashed, dashDotDotted
  }

  public enum Symbol: Hashable, Sendable, CaseIterable {
    case circle, square, triangle, diamond, cross, invertedTriangle
  }

  /// Full colour, or the pale tint that tells a variant of the same thing (bars with dropout).
  public enum Shade: Hashable, Sendable { case full, light }

  /// Index into the palette, from 0; beyond its end it begins again.
  public var color: Int
  public var dash: Dash
  /// A few symbols spread along a line, every point of an error-bar series.
  public var symbol: Symbol?
  public var shade: Shade

  public init(color: Int, dash: Dash = .solid, symbol: Symbol? = nil, shade: Shade = .full) {
    self.color = color
    self.dash = dash
    self.symbol = symbol
    self.shade = shade
  }

  /// The palette's own pairing of colour and dash pattern, so that neighbouring slots differ in grey print.
  public static func slot(_ index: Int, symbol: Symbol? = nil) -> Style {
    let dashes = Dash.allCases
    let place = ((index % dashes.count) + dashes.count) % dashes.count
    return Style(color: index, dash: dashes[place], symbol: symbol)
  }
}
