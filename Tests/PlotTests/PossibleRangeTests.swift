import Charting
import PlasticityMetrics
import Testing

@testable import Figures
@testable import plot

/// Bands end where there can be no values; numbers stay as they are.
@Suite struct PossibleRangeTests {
  private static func series(
    _ metric: String, minus: [String]? = nil
  ) -> SeriesSpecification {
    SeriesSpecification(
      id: metric, label: metric, runs: ["run"], minus: minus, metric: metric,
      layers: MeasuredQuantities.ofLayers.contains(metric) ? "act_*" : nil,
      style: SeriesSpecification.StyleSpecification(color: 0, line: "solid"))
  }

  private static func panel(_ series: SeriesSpecification) -> PanelSpecification {
    let axis = PanelSpecification.AxisSpecification(label: "")
    return PanelSpecification(id: "p", title: "", x: axis, y: axis, series: [series])
  }

  @Test func everyMeasuredQuantityHasOne() {
    for name in MeasuredQuantities.ofNetworks + MeasuredQuantities.ofLayers {
      #expect(PossibleRange.quantities[name] != nil, "\(name)")
    }
  }

  @Test func bandsOfSharesStayBetweenNothingAndAll() throws {
    let panel = Self.panel(Self.series("deadFraction"))
    let values = [0.02, 0, 0.9]
    let data = try FigureData(panels: [panel], seeds: [40, 41, 42]) { _, seed in
      [
        MetricRow(
          step: 1, layer: "act_1", probe: "training", metric: "deadFraction", value: values[Int(seed) - 40])
      ]
    }
    let point = data.curves[0].points[0]
    #expect(point.low < 0 && point.high > 1, "the table keeps what Student's t says")
    let drawing = CurveDrawing(curve: data.curves[0], panel: panel, published: nil, dotSize: 0)
    guard case .line(_, let band?) = drawing.series.kind else {
      Issue.record("no band")
      return
    }
    #expect(band == [Interval(0, 1)])
  }

  @Test func whatIsUnlikelyStays() {
    let point = FigureData.Point(x: 0, y: 3, low: -2, high: 8, count: 3)
    #expect(point.interval(within: PossibleRange.of(Self.series("effectiveRank"))) == Interval(0, 8))
    #expect(point.interval(within: PossibleRange.of(Self.series("unitMean"))) == Interval(-2, 8))
    let beyond = FigureData.Point(x: 0, y: 1 + 1e-9, low: 0.9, high: 1.1, count: 3)
    #expect(beyond.interval(within: 0...1).high == 1 + 1e-9, "no mean lies outside of its band")
  }

  @Test func aDifferenceOfSharesGoesBothWays() {
    #expect(PossibleRange.of(Self.series("trainingAccuracy", minus: ["anew"])) == -1...1)
    #expect(PossibleRange.of(Self.series("effectiveRank", minus: ["anew"])) == nil)
    #expect(PossibleRange.floor(of: [Self.series("trainingAccuracy", minus: ["anew"])]) == nil)
  }

  @Test func axesOfCountsMayBeginAtZero() {
    #expect(PossibleRange.floor(of: [Self.series("effectiveRank"), Self.series("deadFraction")]) == 0)
    #expect(PossibleRange.floor(of: [Self.series("effectiveRank"), Self.series("unitMean")]) == nil)
    #expect(PossibleRange.floor(of: [Self.series("trainingAccuracy")]) == nil)
    #expect(PossibleRange.floor(of: [Self.series("effectiveRank", minus: ["anew"])]) == nil)
  }
}
