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
