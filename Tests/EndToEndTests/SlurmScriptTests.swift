import Foundation
import Testing

/// Promise: who asks for an end gets one, whatever `Scripts/slurm` is at, and work that advances is not given up. On a
/// Slurm of small scripts; `Tests/cluster` has a real one.
@Suite struct SlurmScriptTests {
  /// A folder with a stage, a `weave` that knows what to ask for, and the commands of Slurm that the script calls.
  private final class Cluster {
    let folder = FileManager.default.temporaryDirectory.path + "/slurm \(UUID().uuidString)"
    private let manager = FileManager.default

    init() throws {
      for name in ["bin", "store/train/aa", "graph/jobs"] {
        try manager.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      }
      try program("weave", "printf 'a job\\n1\\n600\\n%s\\n' \"$FOLDER/store/train/aa/aabb/manifest.json\"")
      // Its options are Slurm's, up to the shell that notes the step. A node sees nothing but the folder that all share.
      try program(
        "srun",
        """
        echo sent >>"$FOLDER/sent"
        while [ "$1" != sh ]; do shift; done
        case $4 in "$FOLDER"/*) ;; *) exit 3 ;; esac
        SLURM_JOB_ID=7 SLURM_STEP_ID=0 SLURMD_NODENAME=node3 "$@"
        """)
      try program("scancel", "kill -TERM \"$(cat \"$FOLDER/stage\")\"")
      try program("sinfo", "echo 'all* infinite'")
      try ends("COMPLETED")
    }

    deinit { try? manager.removeItem(atPath: folder) }

    func program(_ name: String, _ body: String) throws {
      let path = "\(folder)/bin/\(name)"
      try "#!/bin/sh\n\(body)\n".write(toFile: path, atomically: true, encoding: .utf8)
      try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    /// What Slurm says of a job that has ended.
    func ends(_ state: String, saying body: String = ":") throws {
      try program("scontrol", "\(body)\necho 'JobId=7 JobState=\(state) Reason=None'")
    }

    /// How often a job was sent.
    var sent: Int {
      (try? String(contentsOfFile: folder + "/sent", encoding: .utf8))?.split(separator: "\n").count ?? 0
    }

    func start(arrivalSeconds: Int = 0) throws -> Running {
      let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      return try Running(
        "/usr/bin/env",
        [
          "-u", "SLURM_JOB_ID", "-u", "SLURM_FLAGS", "python3", "-c", Self.undisturbed,
          Workbench.repository + "/Scripts/slurm", folder + "/bin/train", "--store", folder + "/store",
          "--job", folder + "/graph/jobs/train-aabb.json",
        ],
        environment: [
          "PATH": "\(folder)/bin:\(path)", "FOLDER": folder, "BARRIERS_ARRIVAL_SECONDS": "\(arrivalSeconds)",
        ])
    }

    /// Calls a program as make does: what the threads of these tests block or ignore is none of its concern.
    private static let undisturbed = """
      import os, signal, sys
      for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
          signal.signal(number, signal.SIG_DFL)
      signal.pthread_sigmask(signal.SIG_SETMASK, [])
      os.execv(sys.argv[1], sys.argv[1:])
      """

    /// Signals a script once there is a file of that name.
    ///
    /// - Parameter all: its whole group, as a terminal does.
    func signal(_ number: Int32, to script: Running, at file: String, all: Bool = false) {
      for _ in 0..<10_000 where !manager.fileExists(atPath: "\(folder)/\(file)") { usleep(2_000) }
      usleep(300_000)
      kill(all ? -script.identifier : script.identifier, number)
    }
  }

  private static let noResult = "true"
  private static let touch = ": >\"$FOLDER/here\""

  @Test(arguments: [false, true])
  func aSignalBeforeAJobIsSentSendsNone(_ all: Bool) throws {
    let cluster = try Cluster()
    try cluster.program("train", Self.noResult)
    try cluster.program("weave", "\(Self.touch); sleep 2; echo; echo 1; echo 1; echo \"$FOLDER/none\"")
    let script = try cluster.start()
    cluster.signal(SIGTERM, to: script, at: "here", all: all)
    let outcome = script.wait()
    #expect(outcome.code == 128 + SIGTERM, "\(outcome.text)")
    #expect(cluster.sent == 0)
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func aSignalWhileTheEndIsLookedIntoSendsNothingAgain(_ signal: Int32) throws {
    let cluster = try Cluster()
    try cluster.program("train", "exit 1")
    try cluster.ends("PREEMPTED", saying: "\(Self.touch); sleep 2")
    let script = try cluster.start()
    cluster.signal(signal, to: script, at: "here", all: signal == SIGINT)
    let outcome = script.wait()
    #expect(outcome.code == 128 + signal, "\(outcome.text)")
    #expect(cluster.sent == 1, "\(outcome.text)")
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func aSignalWhileAResultIsWaitedForEndsTheWait(_ signal: Int32) throws {
    let cluster = try Cluster()
    try cluster.program("train", Self.noResult)
    try cluster.ends("COMPLETED", saying: Self.touch)
    let began = ContinuousClock.now
    let script = try cluster.start(arrivalSeconds: 120)
    cluster.signal(signal, to: script, at: "here", all: signal == SIGINT)
    let outcome = script.wait()
    #expect(outcome.code == 128 + signal, "\(outcome.text)")
    #expect(cluster.sent == 1, "\(outcome.text)")
    #expect(!outcome.text.contains("sent again"), "\(outcome.text)")
    #expect(ContinuousClock.now - began < .seconds(60))
  }

  @Test func aSignalWhileAJobRunsEndsItByItsStep() throws {
    let cluster = try Cluster()
    try cluster.program(
      "train",
      "echo $$ >\"$FOLDER/stage\"; trap 'echo checkpoint; exit 143' TERM; while :; do sleep 0.1; done")
    let script = try cluster.start()
    cluster.signal(SIGTERM, to: script, at: "stage")
    let outcome = script.wait()
    #expect(outcome.code == 128 + SIGTERM, "\(outcome.text)")
    #expect(outcome.text == "checkpoint\n")
    #expect(cluster.sent == 1)
  }

  /// Another node might know the instruction.
  @Test func theNodeOfATrappedProgramIsAsked() throws {
    let cluster = try Cluster()
    try cluster.ends("FAILED")
    try cluster.program("train", "kill -ILL $$")
    try cluster.program(
      "srun",
      """
      case " $* " in
      *" --nodelist=node3 "*"/weave machine "*) echo missing avx2; exit 0 ;;
      esac
      while [ "$1" != sh ]; do shift; done
      SLURM_JOB_ID=7 SLURM_STEP_ID=0 SLURMD_NODENAME=node3 "$@"
      """)
    let outcome = try cluster.start().wait()
    #expect(outcome.code == 1)
    #expect(outcome.text.contains("(avx2); add ISA=x86-64-v3 to the make command"), "\(outcome.text)")
  }

  /// As Slurm calls the end, and with which exit code `srun` ends: 0 of a job whose node went down.
  private static let ends = [
    ("PREEMPTED", 1), ("NODE_FAIL", 0), ("COMPLETED", 0), ("TIMEOUT", 1), ("OUT_OF_MEMORY", 1),
  ]

  /// Goes on in another folder each time, as stages do.
  private static let goesOn = """
    cd "$FOLDER/store/train/aa"
    turn=$(wc -l <"$FOLDER/sent")
    for folder in aabb.*.partial; do [ ! -d "$folder" ] || mv "$folder" "aabb.$turn.partial"; done
    mkdir -p "aabb.$turn.partial"

    """

  @Test(arguments: ends)
  func whatAdvancesIsNeverGivenUp(_ state: String, _ code: Int) throws {
    let cluster = try Cluster()
    try cluster.ends(state)
    try cluster.program(
      "train",
      Self.goesOn + """
        echo "$turn" >>"aabb.$turn.partial/checkpoint"
        [ "$turn" -eq 15 ] || exit \(code)
        mv "aabb.$turn.partial" aabb
        echo '{}' >aabb/manifest.json
        """)
    let outcome = try cluster.start().wait()
    #expect(outcome.code == 0, "\(outcome.text)")
    #expect(cluster.sent == 15)
  }

  @Test(arguments: ends)
  func whatDoesNotAdvanceIsGivenUpAfterTenTimes(_ state: String, _ code: Int) throws {
    let cluster = try Cluster()
    try cluster.ends(state)
    try cluster.program(
      "train",
      Self.goesOn + """
        [ "$turn" -gt 2 ] || echo "$turn" >>"aabb.$turn.partial/checkpoint"
        exit \(code)
        """)
    let outcome = try cluster.start().wait()
    #expect(outcome.code == 1)
    #expect(outcome.text.contains("ten times there was no new checkpoint; given up"), "\(outcome.text)")
    #expect(cluster.sent == 12, "ten times after the last checkpoint")
  }
}
