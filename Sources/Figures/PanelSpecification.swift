/// A panel of a figure as a chapter declares it.
public struct PanelSpecification: Codable, Hashable, Sendable {
  /// The name by which claims and the CSV refer to the panel.
  public var id: String
  public var title: String
  public var x: AxisSpecification
  public var y: AxisSpecification
  /// A second vertical axis, for series on the right.
  public var right: AxisSpecification?
  /// What the colours of maps and of dots with a third number stand for, instead of a right axis.
  public var color: AxisSpecification?
  public var series: [SeriesSpecification]
  /// Vertical lines where something happens.
  public var marks: [MarkSpecification]?
  /// Texts at places of the data.
  public var labels: [LabelSpecification]?
  /// Draws the data alone, without axes: a schematic.
  public var bare: Bool?
  /// The panel of the paper's figure that this one stands for, as `paper/published` names it: `mlp-loss`, or with the
  /// figure's name where it is another one, `fig-b.7/mlp-loss`.
  public var published: String?
  /// Our series → the published ones whose points, joined, belong to it, where the names differ.
  public var publishedSeries: [String: [String]]?

  public struct AxisSpecification: Codable, Hashable, Sendable {
    public var label: String
    /// `linear` (if absent) or `logarithmic`.
    public var scale: String?
    /// Lowest and highest value shown; from the data if absent.
    public var limits: [Double]?
    /// Named places on the x axis instead of numbers, one for each of the tables of every series.
    public var categories: [String]?
    /// How many of the data's units one unit of the picture is; 1 if absent. Everything in a block is in the
    /// data's units, as in the CSV: values are divided when they are drawn, and with them limits, marks and
    /// labels.
    public var per: Double?
    /// `epoch`: one unit of the picture is an epoch of the panel's runs, instead of ``per``.
    public var unit: String?
    /// What the panel says where there is no number for its colours to show.
    public var empty: String?

    public init(
      label: String, scale: String? = nil, limits: [Double]? = nil, categories: [String]? = nil,
      per: Double? = nil, unit: String? = nil, empty: String? = nil
    ) {
      self.label = label
      self.scale = scale
      self.limits = limits
      self.categories = categories
      self.per = per
      self.unit = unit
      self.empty = empty
    }

    /// Where `value` stands on the axis.
    public func drawn(_ value: Double) -> Double { value / (per ?? 1) }
  }

  /// Either at the end of a run or at a value of x.
  public struct MarkSpecification: Codable, Hashable, Sendable {
    /// The run at whose end the line stands.
    public var endOf: String?
    public var at: Double?
    public var label: String
  }

  /// A text whose middle stands at a place of the data.
  public struct LabelSpecification: Codable, Hashable, Sendable {
    public var text: String
    public var x: Double
    public var y: Double
  }
}

/// One curve: either a metric of a run, or of runs that continue one another, averaged over layers and seeds;
/// or a curve of a table that was computed without training.
public struct SeriesSpecification: Codable, Hashable, Sendable {
  /// The name by which claims and the CSV refer to the series.
  public var id: String
  /// What the legend says; series with the same label and style share an entry.
  public var label: String
  /// The runs whose rows are joined, in order.
  public var runs: [String]?
  /// The runs whose values at the same places are taken from those of ``runs``: one for all, or one for each. Of networks
  /// that begin anew with every task, the difference in accuracy is the gap that loss of plasticity is measured by.
  public var minus: [String]?
  /// The metric's name in `metrics.csv`.
  public var metric: String?
  /// Layers to average over, with `*` for any text and `|` between alternatives; absent for quantities of the whole network.
  public var layers: String?
  /// `training` (if absent), `validation` or a larger one, `training-500`: on which images a layer's metric was measured.
  public var probe: String?
  /// How rows are gathered into points; one for each step at which there are any if absent.
  public var averagedOver: Average?
  /// For dots: the metric on the x axis.
  public var against: String?
  /// For dots: the metric, in [0, 1], that their areas show.
  public var sizedBy: String?
  /// The computed table, and the curve in it; with `*` for any text, all curves that match, each a line of its own.
  public var table: String?
  /// Several computed tables, the points of whose curves are joined, in order.
  public var tables: [String]?
  public var curve: String?
  /// Belongs to the panel's right axis.
  public var onRight: Bool?
  public var style: StyleSpecification

  /// What a point is the mean of.
  public enum Average: String, Codable, Sendable, CaseIterable {
    /// All that was recorded in a task; it stands at the number of tasks begun, 0 being the untrained network.
    case task
    /// The tasks of a fifth of the run, each of the same weight: five points, at the places of a categorical axis.
    case fifth
    /// All tasks, each of the same weight; it stands at the place of its run on a categorical axis.
    case run
  }

  public struct StyleSpecification: Codable, Hashable, Sendable {
    /// The colour's place in the palette, from 0.
    public var color: Int
    /// `solid`, `dashed`, `dotted` or `dashdotted`.
    public var line: String
    /// Thin lines for what is only there to compare with.
    public var thin: Bool?
    /// Points that are not joined.
    public var dots: Bool?
    /// Bars above the places of a categorical axis, with error bars where there are several seeds.
    public var bars: Bool?
    /// A line with error bars instead of a shaded band.
    public var errorBars: Bool?
    /// The dots' radius in points.
    public var radius: Double?
    /// The colour's pale tint.
    public var pale: Bool?
    /// Cells of an even grid, each in the colour of its third number.
    public var map: Bool?

    public init(
      color: Int, line: String, thin: Bool? = nil, dots: Bool? = nil, bars: Bool? = nil,
      errorBars: Bool? = nil, radius: Double? = nil, pale: Bool? = nil, map: Bool? = nil
    ) {
      self.color = color
      self.line = line
      self.thin = thin
      self.dots = dots
      self.bars = bars
      self.errorBars = errorBars
      self.radius = radius
      self.pale = pale
      self.map = map
    }
  }
}

extension SeriesSpecification {
  /// The computed tables that the curve comes from, in order.
  package var tableNames: [String] { tables ?? table.map { [$0] } ?? [] }

  /// The metrics of runs that it shows.
  public var metrics: [String] { [metric, against, sizedBy].compactMap { $0 } }
}
