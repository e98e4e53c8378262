import CCairo

/// Draws a scene on a Cairo surface, whichever its format.
struct Canvas {
  private let context: OpaquePointer
  private let engine: TextEngine
  private let theme: Theme

  /// - Parameter scale: surface units a point.
  static func draw(
    _ scene: Scene, theme: Theme, on surface: OpaquePointer, scale: Double = 1
  ) throws(FigureError) {
    guard let context = cairo_create(surface) else { throw .drawing(reason: "Cairo made no context") }
    defer { cairo_destroy(context) }
    cairo_scale(context, scale, scale)
    let canvas = Canvas(
      context: context, engine: try TextEngine(typefaces: theme.typefaces, target: context), theme: theme)
    // The whole surface: an image ends with a whole pixel where the figure may end within one.
    canvas.setColor(theme.background, opacity: 1)
    cairo_paint(context)
    for item in scene.items {
      switch item {
      case .path(let path): canvas.draw(path)
      case .text(let text): canvas.draw(text)
      }
    }
    let status = cairo_status(context)
    guard status == CAIRO_STATUS_SUCCESS else { throw .drawing(reason: Surface.describe(status)) }
  }

  private func draw(_ path: Path) {
    cairo_save(context)
    defer { cairo_restore(context) }
    // Saving and restoring leaves the path alone: what was drawn before must not widen the clip.
    cairo_new_path(context)
    if let clip = path.clip {
      cairo_rectangle(context, clip.x, clip.y, clip.width, clip.height)
      cairo_clip(context)
    }
    for step in path.steps {
      switch step {
      case .move(let point): cairo_move_to(context, point.x, point.y)
      case .line(let point): cairo_line_to(context, point.x, point.y)
      case .close: cairo_close_path(context)
      case .circle(let center, let radius):
        cairo_new_sub_path(context)
        cairo_arc(context, center.x, center.y, radius, 0, 2 * Double.pi)
        cairo_close_path(context)
      }
    }
    if let fill = path.fill {
      setColor(fill.color, opacity: fill.opacity)
      cairo_fill_preserve(context)
    }
    if let stroke = path.stroke {
      setColor(stroke.color, opacity: stroke.opacity)
      cairo_set_line_width(context, stroke.width)
      cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
      cairo_set_line_cap(context, stroke.dash.isEmpty ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
      cairo_set_dash(context, stroke.dash, Int32(stroke.dash.count), 0)
      cairo_stroke_preserve(context)
    }
  }

  private func draw(_ text: PlacedText) {
    cairo_save(context)
    defer { cairo_restore(context) }
    setColor(text.text.color, opacity: 1)
    switch text.rotation {
    case .none: cairo_translate(context, text.box.x, text.box.y)
    case .quarterLeft:
      cairo_translate(context, text.box.x, text.box.bottom)
      cairo_rotate(context, -Double.pi / 2)
    }
    engine.draw(text.text, on: context)
  }

  private func setColor(_ color: Color, opacity: Double) {
    cairo_set_source_rgba(context, color.red, color.green, color.blue, opacity)
  }
}
