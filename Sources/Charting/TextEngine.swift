import CCairo
import CPango

/// Measures and draws text. The only file that knows Pango.
///
/// Glyph metrics are unhinted, so a text is equally wide in every format and at every resolution.
final class TextEngine {
  private let context: OpaquePointer
  private let family: String
  private var extents: [Text: TextExtent] = [:]

  /// - Parameter target: the Cairo context to draw on; `nil` for an engine that only measures.
  init(typefaces: [String], target: OpaquePointer? = nil) throws(FigureError) {
    let map = pango_cairo_font_map_get_default()
    guard let context = pango_font_map_create_context(map) else {
      throw .drawing(reason: "Pango made no context")
    }
    self.context = context
    family = typefaces.joined(separator: ",")
    if let target { pango_cairo_update_context(target, context) }
    let options = cairo_font_options_create()
    defer { cairo_font_options_destroy(options) }
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    pango_cairo_context_set_font_options(context, options)
    pango_context_set_round_glyph_positions(context, 0)
  }

  deinit { g_object_unref(UnsafeMutableRawPointer(context)) }

  /// - Throws: `FigureError.invalidMarkup` when `markup` cannot be parsed.
  static func validate(_ markup: String) throws(FigureError) {
    guard !markup.utf8.contains(0) else { throw .invalidMarkup(text: markup, reason: "a zero byte") }
    var failure: UnsafeMutablePointer<GError>?
    guard pango_parse_markup(markup, -1, 0, nil, nil, nil, &failure) == 0 else { return }
    defer { g_error_free(failure) }
    let reason = failure.flatMap { $0.pointee.message }.map { String(cString: $0) } ?? "unknown"
    throw .invalidMarkup(text: markup, reason: reason)
  }

  func measure(_ text: Text) -> TextExtent {
    if let known = extents[text] { return known }
    let layout = makeLayout(text)
    defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
    var ink = PangoRectangle()
    var logical = PangoRectangle()
    pango_layout_get_extents(layout, &ink, &logical)
    let scale = Double(PANGO_SCALE)
    let first = Double(pango_layout_get_baseline(layout)) / scale
    let last = first + lastBaselineOffset(layout) / scale
    let left = Double(min(ink.width > 0 ? ink.x : logical.x, logical.x)) / scale
    let right = Double(max(ink.x + ink.width, logical.x + logical.width)) / scale
    // A capital's height above the baseline and a descender's depth below it, whatever the font's own line height.
    let top = min(ink.height > 0 ? Double(ink.y) / scale : first, first - 0.68 * text.size)
    let bottom = max(Double(ink.y + ink.height) / scale, last + 0.22 * text.size)
    let extent = TextExtent(
      width: right - left, height: bottom - top, baseline: first - top, originX: left, originY: top)
    extents[text] = extent
    return extent
  }

  /// Draws `text` with the left top corner of its extent at the origin of the target's user space.
  func draw(_ text: Text, on target: OpaquePointer) {
    let layout = makeLayout(text)
    defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
    let extent = measure(text)
    cairo_move_to(target, -extent.originX, -extent.originY)
    pango_cairo_show_layout(target, layout)
  }

  /// The markup with raised and lowered letters placed by hand: Pango 1.50 loses their scale where the font has
  /// an absolute size.
  private static func placingScripts(in text: Text) -> String {
    func opening(_ rise: Double) -> String {
      "<span size=\"70%\" rise=\"\(Int(rise * text.size * Double(PANGO_SCALE)))\">"
    }
    return text.markup.replacing("<sup>", with: opening(0.33)).replacing("<sub>", with: opening(-0.15))
      .replacing("</sup>", with: "</span>").replacing("</sub>", with: "</span>")
  }

  private func makeLayout(_ text: Text) -> OpaquePointer {
    guard let layout = pango_layout_new(context) else { preconditionFailure("Pango is out of memory") }
    let font = pango_font_description_new()
    defer { pango_font_description_free(font) }
    pango_font_description_set_family(font, family)
    pango_font_description_set_absolute_size(font, text.size * Double(PANGO_SCALE))
    pango_font_description_set_weight(font, text.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
    pango_font_description_set_style(font, text.isItalic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL)
    pango_layout_set_font_description(layout, font)
    pango_layout_set_markup(layout, Self.placingScripts(in: text), -1)
    if let width = text.wrapWidth {
      pango_layout_set_width(layout, Int32(max(1, width) * Double(PANGO_SCALE)))
      pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    }
    pango_layout_set_alignment(layout, text.alignment == .center ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT)
    return layout
  }

  /// From the first baseline to the last, in Pango units.
  private func lastBaselineOffset(_ layout: OpaquePointer) -> Double {
    guard let iterator = pango_layout_get_iter(layout) else { return 0 }
    defer { pango_layout_iter_free(iterator) }
    let first = pango_layout_iter_get_baseline(iterator)
    while pango_layout_iter_next_line(iterator) != 0 {}
    return Double(pango_layout_iter_get_baseline(iterator) - first)
  }
}
