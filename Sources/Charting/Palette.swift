/// A colour in sRGB, each component from 0 to 1.
public struct Color: Hashable, Sendable {
  public var red: Double
  public var green: Double
  public var blue: Double

  public init(red: Double, green: Double, blue: Double) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A colour from its 24-bit code, as in `0xD55E00`.
  public init(_ code: UInt32) {
    red = Double((code >> 16) & 0xff) / 255
    green = Double((code >> 8) & 0xff) / 255
    blue = Double(code & 0xff) / 255
  }

  /// A grey, from black (0) to white (1).
  public init(gray: Double) { self.init(red: gray, green: gray, blue: gray) }

  /// The colour mixed with white: 0 leaves it, 1 gives white.
  public func tinted(by amount: Double) -> Color {
    func mix(_ component: Double) -> Double { component + (1 - component) * amount }
    return Color(red: mix(red), green: mix(green), blue: mix(blue))
  }
}

/// The colours of series, in order of use.
public struct Palette: Hashable, Sendable {
  public var colors: [Color]

  public init(colors: [Color]) {
    precondition(!colors.isEmpty, "a palette needs a colour")
    self.colors = colors
  }

  /// Safe for the colour-blind (Okabe and Ito, "Color Universal Design", 2008), ordered by contrast with white:
  /// blue, vermilion, green, purple, black, sky blue, orange, and yellow last and darkened.
  public static let okabeIto = Palette(colors: [
    Color(0x0072B2), Color(0xD55E00), Color(0x009E73), Color(0xB5528C), Color(0x222222), Color(0x56B4E9),
    Color(0xE69F00), Color(0xB8A800),
  ])

  /// The colour of a slot; slots beyond the end begin again.
  public subscript(slot: Int) -> Color {
    colors[((slot % colors.count) + colors.count) % colors.count]
  }

  func color(of style: Style, tint: Double) -> Color {
    style.shade == .light ? self[style.color].tinted(by: tint) : self[style.color]
  }
}
