import Claims
import Manuscript
import Tables

/// A table of the report, before it is set in one of its languages.
public struct ReportTable: Sendable {
  public struct Column: Sendable {
    let title: String
    /// What is wide may be broken into lines; in LaTeX it gets this share of the line.
    let width: Double?
    let isNumber: Bool

    static func words(_ title: String, width: Double? = nil) -> Column {
      Column(title: title, width: width, isNumber: false)
    }
    static func number(_ title: String) -> Column { Column(title: title, width: nil, isNumber: true) }
  }

  /// What stands in a cell.
  public struct Cell: Sendable, Hashable {
    enum Kind: Hashable, Sendable {
      case words, code
      case verdict(Verdict)
      /// Woven already, for the languages that have links.
      case woven(html: String, latex: String)
    }

    let text: String
    let kind: Kind
    /// The artifact, and perhaps its claim, that the cell speaks of.
    let target: Target?
    /// The number behind a rounded text, for the CSV.
    let exact: String?

    struct Target: Hashable, Sendable {
      let artifact: String
      let claim: String?
    }

    private init(_ text: String, kind: Kind = .words, target: Target? = nil, exact: String? = nil) {
      self.text = text
      self.kind = kind
      self.target = target
      self.exact = exact
    }

    /// Text that was woven for each language.
    init(plain: String, html: String, latex: String) {
      self.init(plain, kind: .woven(html: html, latex: latex))
    }

    static func words(_ text: String) -> Cell { Cell(text) }
    static func code(_ text: String) -> Cell { Cell(text, kind: .code) }
    static func count(_ value: Int) -> Cell { Cell("\(value)") }
    static func verdict(_ verdict: Verdict) -> Cell { Cell(verdict.rawValue, kind: .verdict(verdict)) }
    /// The verdict's sign; the CSV has its words. Empty where there is nothing to be decided.
    static func sign(_ verdict: Verdict?) -> Cell {
      Cell(verdict?.sign ?? "", exact: verdict?.rawValue ?? "")
    }
    static func artifact(_ id: String) -> Cell { Cell(id, target: Target(artifact: id, claim: nil)) }
    static func claim(_ id: String, of artifact: String) -> Cell {
      Cell(id, kind: .code, target: Target(artifact: artifact, claim: id))
    }
    /// A rounded text; the CSV has the number itself.
    static func rounded(_ text: String, _ value: Double?) -> Cell {
      Cell(text, exact: value.map { "\($0)" } ?? "")
    }
    static func numeral(_ value: Double?) -> Cell { rounded(Numeral(value).text, value) }
  }

  public let id: String
  public let title: String
  /// What a reader has to know to read it.
  public let note: String
  let columns: [Column]
  let rows: [[Cell]]

  init(id: String, title: String, note: String, columns: [Column], rows: [[Cell]]) {
    precondition(rows.allSatisfy { $0.count == columns.count }, "every row has a cell for each column")
    self.id = id
    self.title = title
    self.note = note
    self.columns = columns
    self.rows = rows
  }

  /// The table's cells, numbers in full.
  public var csv: Table {
    Table(columns: columns.map(\.title), rows: rows.map { $0.map { $0.exact ?? $0.text } })
  }

  /// A pipe table under a heading.
  public var markdown: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let body = rows.map { row in
      line(
        row.map { cell in
          cell.kind == .code
            ? "`\(cell.text.replacingOccurrences(of: "|", with: "\\|"))`" : Markup.markdown(cell.text)
        })
    }
    return """
      # \(id): \(Markup.markdown(title))

      \(Markup.markdown(note))

      \(line(columns.map { Markup.markdown($0.title) }))
      \(line(columns.map { $0.isNumber ? "---:" : "---" }))
      \(body.joined(separator: "\n"))

      """
  }

  /// A `longtable` with `booktabs` rules; the document that takes it in loads both, and `array`.
  public var latex: String {
    let layout = columns.map { column in
      column.width.map { ">{\\raggedright\\arraybackslash}p{\($0)\\linewidth}" }
        ?? (column.isNumber ? "r" : "l")
    }.joined()
    let heading = columns.map { "\\textbf{\(Markup.latex($0.title))}" }.joined(separator: " & ") + " \\\\"
    let body = rows.map { row in
      row.map(Self.latex).joined(separator: " & ") + " \\\\"
    }
    return """
      % Written by 'make \(id)'; changes here are lost.
      \\begin{longtable}{@{}\(layout)@{}}
      \\caption{\(Markup.latex(title)). \(Markup.latex(note))}\\label{\(id)}\\\\
      \\toprule
      \(heading)
      \\midrule
      \\endfirsthead
      \\toprule
      \(heading)
      \\midrule
      \\endhead
      \\bottomrule
      \\endlastfoot
      \(body.joined(separator: "\n"))
      \\end{longtable}

      """
  }

  private static func latex(_ cell: Cell) -> String {
    let text =
      switch cell.kind {
      case .code: "\\texttt{\(Markup.breakableLaTeX(cell.text))}"
      case .words, .verdict: Markup.latex(cell.text)
      case .woven(_, let latex): latex
      }
    guard let target = cell.target, target.claim == nil else { return text }
    return "\\barriersref{\(target.artifact)}{\(text)}"
  }

  /// For the page: links lead to artifacts and claims on it.
  var html: String {
    func cell(_ cell: Cell, _ column: Column) -> String {
      var text = Markup.html(cell.text)
      switch cell.kind {
      case .words: break
      case .code: text = "<code>\(text)</code>"
      case .verdict(let verdict): text = HTML.badge(verdict)
      case .woven(let html, _): text = html
      }
      if let target = cell.target {
        text = "<a href=\"#\(HTML.anchor(target))\">\(text)</a>"
      }
      return column.isNumber ? "<td class=\"number\">\(text)</td>" : "<td>\(text)</td>"
    }
    let heading = columns.map { column in
      "<th scope=\"col\"\(column.isNumber ? " class=\"number\"" : "")>\(Markup.html(column.title))</th>"
    }.joined()
    let body = rows.map { row in
      "<tr>" + zip(row, columns).map { cell($0, $1) }.joined() + "</tr>"
    }.joined(separator: "\n")
    return """
      <div class="scroll"><table\(columns.count > 8 ? " class=\"wide\"" : "")>
      <thead><tr>\(heading)</tr></thead>
      <tbody>
      \(body)
      </tbody></table></div>
      """
  }
}
