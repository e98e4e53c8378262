import Console
import Foundation
import LinearAlgebra
import Manuscript
import Stages

/// `weave machine`: what this machine is to the programs. For `Scripts/cluster-check`.
enum MachineCommand {
  static func run(_ arguments: [String]) throws {
    var options = CommandLineOptions(
      tool: "weave machine", summary: "Says what this machine is to the programs: a line each.")
    let kernel = options.optional(
      "kernel", String.self, value: "NAME", help: "BLAS kernels to compute with, as a job asks for them")
    let parsed = try options.parse(arguments)
    let build = Build.current
    let instructionSet = build.environment["instructionSet"] ?? ""
    if let asked = parsed[kernel] {
      BLASKernel.select(asked)
    } else {
      BLASKernel.selectPreferred(instructionSet: instructionSet)
    }
    print("built-for \(instructionSet)")
    print("flags \(build.processorFlags.joined(separator: " "))")
    print("missing \(build.missingProcessorFlags.joined(separator: " "))")
    print("kernel \(BLASKernel.name)")
    print("openblas \(BLASKernel.version)")
    print("threads \(BLASKernel.threadCount)")
    print("processor \(Build.processorName ?? "unknown")")
  }
}

/// `weave needs`: the job of the plan that needs most memory. For `Scripts/cluster-check`.
enum NeedsCommand {
  static func run(_ arguments: [String]) throws {
    let options = PlanOptions("needs", "Says which job needs most memory: megabytes, and its name.")
    let parsed = try options.parse(arguments)
    let requests = try parsed.plan().jobs.map { JobRequest($0.job, seconds: 0) }
    guard let largest = requests.max(by: { $0.megabytes(doubled: 0) < $1.megabytes(doubled: 0) }) else {
      return
    }
    print("\(largest.megabytes(doubled: 0)) \(largest.name)")
  }
}
