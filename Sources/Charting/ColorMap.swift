/// Colours that stand for numbers, from the lowest to the highest.
public struct ColorMap: Hashable, Sendable {
  /// At even distances along the map; at least two.
  let anchors: [Color]

  /// Even to the eye, also in print without colours and for the colour-blind (Smith and van der Walt, "A Better Default
  /// Colormap for Matplotlib", 2015).
  public static let viridis = ColorMap(anchors: [
    Color(0x440154), Color(0x472D7B), Color(0x3B528B), Color(0x2C728E), Color(0x21918C), Color(0x28AE80),
    Color(0x5EC962), Color(0xADDC30), Color(0xFDE725),
  ])

  /// The colour at a share of the map; beyond its ends, that of the end.
  public func color(at share: Double) -> Color {
    let place = min(max(share, 0), 1) * Double(anchors.count - 1)
    let first = min(Int(place), anchors.count - 2)
    let (low, high, rest) = (anchors[first], anchors[first + 1], place - Double(first))
    return Color(
      red: low.red + (high.red - low.red) * rest, green: low.green + (high.green - low.green) * rest,
      blue: low.blue + (high.blue - low.blue) * rest)
  }
}
