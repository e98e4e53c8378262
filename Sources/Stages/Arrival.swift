import Foundation

/// How long a stage waits for what another node has made: make knows that it is there, and this node's file system may
/// show it late.
enum Arrival {
  /// 0 unless make runs stages elsewhere, which `Scripts/stage` says.
  static let seconds: Double = {
    let environment = ProcessInfo.processInfo.environment
    guard environment["BARRIERS_ELSEWHERE"].map({ !$0.isEmpty }) ?? false else { return 0 }
    return environment["BARRIERS_ARRIVAL_SECONDS"].flatMap(Double.init).map { min(max($0, 0), 86_400) } ?? 90
  }()
}
