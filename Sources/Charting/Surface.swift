import CCairo

/// The bytes of a scene in each format, made in memory: what is written to disk is whole or not there.
enum Surface {
  /// Dots an inch of a PNG.
  static let resolution = 200.0

  static func bytes(
    of scene: Scene, as format: Figure.Format, metadata: Metadata, theme: Theme
  ) throws(FigureError) -> [UInt8] {
    switch format {
    case .pdf: try pdf(scene, metadata: metadata, theme: theme)
    case .svg: try svg(scene, metadata: metadata, theme: theme)
    case .png: try png(scene, metadata: metadata, theme: theme)
    }
  }

  static func describe(_ status: cairo_status_t) -> String {
    String(cString: cairo_status_to_string(status))
  }

  private static func pdf(
    _ scene: Scene, metadata: Metadata, theme: Theme
  ) throws(FigureError) -> [UInt8] {
    let sink = Sink()
    let surface = cairo_pdf_surface_create_for_stream(
      collect, Unmanaged.passUnretained(sink).toOpaque(), scene.width, scene.height)
    guard let surface else { throw .drawing(reason: "Cairo made no PDF surface") }
    defer { cairo_surface_destroy(surface) }
    // Cairo writes the present time unless told another: any fixed date keeps equal figures equal byte by byte.
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z")
    let fields = [
      (CAIRO_PDF_METADATA_TITLE, metadata.title), (CAIRO_PDF_METADATA_AUTHOR, metadata.author),
      (CAIRO_PDF_METADATA_SUBJECT, metadata.subject),
      (CAIRO_PDF_METADATA_KEYWORDS, metadata.joinedKeywords),
    ]
    for case (let field, .some(let value)) in fields {
      cairo_pdf_surface_set_metadata(surface, field, value)
    }
    try Canvas.draw(scene, theme: theme, on: surface)
    try finish(surface)
    return sink.bytes
  }

  private static func svg(
    _ scene: Scene, metadata: Metadata, theme: Theme
  ) throws(FigureError) -> [UInt8] {
    let sink = Sink()
    let surface = cairo_svg_surface_create_for_stream(
      collect, Unmanaged.passUnretained(sink).toOpaque(), scene.width, scene.height)
    guard let surface else { throw .drawing(reason: "Cairo made no SVG surface") }
    defer { cairo_surface_destroy(surface) }
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PT)
    try Canvas.draw(scene, theme: theme, on: surface)
    try finish(surface)
    return SVGDocument.settle(sink.bytes, metadata: metadata)
  }

  private static func png(
    _ scene: Scene, metadata: Metadata, theme: Theme
  ) throws(FigureError) -> [UInt8] {
    let scale = resolution / 72
    let surface = cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, Int32((scene.width * scale).rounded(.up)),
      Int32((scene.height * scale).rounded(.up)))
    guard let surface else { throw .drawing(reason: "Cairo made no image surface") }
    defer { cairo_surface_destroy(surface) }
    try check(surface)
    try Canvas.draw(scene, theme: theme, on: surface, scale: scale)
    let sink = Sink()
    let status = cairo_surface_write_to_png_stream(
      surface, collect, Unmanaged.passUnretained(sink).toOpaque())
    guard status == CAIRO_STATUS_SUCCESS else { throw .drawing(reason: describe(status)) }
    return PortableNetworkGraphic.annotate(sink.bytes, resolution: resolution, metadata: metadata)
  }

  private static func finish(_ surface: OpaquePointer) throws(FigureError) {
    cairo_surface_finish(surface)
    try check(surface)
  }

  private static func check(_ surface: OpaquePointer) throws(FigureError) {
    let status = cairo_surface_status(surface)
    guard status == CAIRO_STATUS_SUCCESS else { throw .drawing(reason: describe(status)) }
  }

  private final class Sink {
    var bytes: [UInt8] = []
  }

  private static let collect: cairo_write_func_t = { closure, data, count in
    guard let closure else { return CAIRO_STATUS_WRITE_ERROR }
    let sink = Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue()
    sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
    return CAIRO_STATUS_SUCCESS
  }
}

extension Metadata {
  var joinedKeywords: String? { keywords.isEmpty ? nil : keywords.joined(separator: ", ") }
}
