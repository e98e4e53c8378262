import Foundation

/// An SVG document as part of a page.
enum InlineVector {
  /// The drawing without its prolog, its identifiers made unlike those of other drawings on the page, scaling with the
  /// page's width.
  ///
  /// - Parameter label: what the drawing shows, for those who do not see it.
  static func html(_ document: String, id: String, label: String) -> String {
    var drawing = document[...]
    if let start = drawing.firstRange(of: "<svg") { drawing = drawing[start.lowerBound...] }
    let prefix = id + "-"
    var text = String(drawing)
    for mark in ["id=\"", "href=\"#", "url(#"] {
      text = text.replacingOccurrences(of: mark, with: mark + prefix)
    }
    // A thousandth of a point is more than a screen shows.
    text = text.replacing(/(\.\d{3})\d+/) { $0.1 }
    // The attributes of the root alone: sizes in points become the page's affair.
    guard let end = text.firstIndex(of: ">") else { return "" }
    let root = text[..<end].replacing(/\ (width|height)="[^"]*"/, with: "")
    return root + " role=\"img\" aria-label=\"\(Markup.html(label))\"" + text[end...]
  }
}
