/// A legend within the panel and corner that leave it most room.
enum InsideLegend {
  private static let padding = 3.0

  /// - Returns: whether a place was found that covers no data.
  static func place(
    _ entries: [LegendEntry], painters: [PanelPainter], in scene: inout Scene, text: Typesetter
  ) -> Bool {
    var best: (corner: Corner, legend: LegendLayout)?
    for (index, painter) in painters.enumerated() {
      let room = painter.frame.width - 2 * (Corner.inset + padding)
      // One column first; two where the panel is too low for one.
      for columns in 1...2 {
        let legend = LegendLayout(entries, limit: room, columns: columns, text: text)
        let (width, height) = (legend.width + 2 * padding, legend.height + 2 * padding)
        guard width + 2 * Corner.inset <= painter.frame.width,
          height + 2 * Corner.inset <= painter.frame.height
        else { continue }
        let corner = Corner.emptiest(
          width: width, height: height, in: painter.frame, occupancy: scene.occupancies[index], taken: [])
        guard corner.coverage == 0, corner.clearance >= 1 else { continue }
        if let known = best, known.corner.clearance >= corner.clearance { continue }
        best = (corner, legend)
      }
    }
    guard let best else { return false }
    let theme = text.theme
    scene.add(
      Path(
        box: best.corner.box, stroke: Stroke(color: theme.gridColor, width: theme.frameWidth),
        fill: Fill(color: theme.background)))
    LegendPainter(theme: theme, text: text).paint(
      best.legend, x: best.corner.box.x + padding, y: best.corner.box.y + padding, in: &scene)
    scene.legend = best.corner.box
    return true
  }
}
