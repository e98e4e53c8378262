/// Ends the program with a message unless `condition` holds, in every build.
///
/// Modules of arithmetic are compiled without checks (`-Ounchecked`), where `precondition` promises what it should
/// test. This one stands at borders that are crossed once a call, never once an element: memory that is taken, shapes
/// of products, views of rows, the entrance of a pass.
@inlinable
@inline(__always)
public func enforce(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
  if _slowPath(!condition) { endProgram(message(), file: file, line: line) }
}

@usableFromInline
@inline(never)
func endProgram(_ message: String, file: StaticString, line: UInt) -> Never {
  fatalError(message, file: file, line: line)
}
