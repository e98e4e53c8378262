/// Type, lines and distances, in points.
public struct Theme: Hashable, Sendable {
  /// Tried in order; fontconfig finds the first that is installed.
  public var typefaces: [String] = [
    "STIX Two Text", "STIX", "TeX Gyre Termes", "Liberation Serif", "Times New Roman", "serif",
  ]
  public var palette = Palette.okabeIto
  public var colorMap = ColorMap.viridis
  public var titleSize = 9.0
  public var labelSize = 8.0
  public var tickSize = 7.0
  public var noteSize = 6.5

  public var lineWidth = 1.1
  public var thinLineWidth = 0.55
  public var frameWidth = 0.5
  public var gridWidth = 0.35
  public var bandOpacity = 0.18
  /// How far the light shade of a colour goes towards white.
  public var lightTint = 0.55

  public var margin = 4.0
  public var columnGap = 9.0
  public var rowGap = 8.0
  /// Between a frame and its bar of colours, and how wide that is.
  public var colorBarGap = 4.0
  public var colorBarWidth = 5.0
  public var tickLength = 2.2
  public var tickLabelGap = 2.0
  public var labelGap = 3.0
  /// Least distance between neighbouring tick labels.
  public var tickSpacing = 5.0

  public var ink = Color(gray: 0.1)
  public var mutedInk = Color(gray: 0.35)
  public var gridColor = Color(gray: 0.82)
  public var background = Color(gray: 1)

  public init() {}

  /// For a page 5.5 inches wide: serif, 8-point labels, 7-point numbers.
  public static let publication = Theme()

  func lineWidth(of weight: Series.Weight) -> Double { weight == .thin ? thinLineWidth : lineWidth }

  /// What is only there to compare with must not hide the rest.
  func bandOpacity(of weight: Series.Weight) -> Double { weight == .thin ? bandOpacity / 2 : bandOpacity }
}
