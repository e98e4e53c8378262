import Experiments
import Figures
import Specifications

extension PanelSpecification {
  /// Checks what the types cannot say, see `Figures`; problems are named from the block.
  func validate(runs: Set<String>, tables: Set<String>, at path: [String]) throws {
    do { try validate(runs: runs, tables: tables) } catch {
      throw BlockProblem(path: path + error.keys, message: error.message)
    }
  }
}

/// Throws unless all names differ.
func requireUnique(_ names: [String], at path: [String]) throws {
  var seen: Set<String> = []
  for (index, name) in names.enumerated() {
    guard seen.insert(name).inserted else {
      throw BlockProblem(path: path + ["\(index)"], message: "uses the name '\(name)' a second time")
    }
  }
}
