import Testing

@testable import ContentStore

@Suite struct SourceTextTests {
  private func normalized(_ source: String) -> String {
    String(decoding: SwiftTokens(Array(source.utf8)).normalized, as: UTF8.self)
  }

  @Test(arguments: [
    ("a b", "a  b"), ("a b", "a\n\tb"), ("a b", "a/**/b"), ("a b", "a // c\nb"), ("let x = 1", "let x=1"),
    ("let x = 1 /// doc \"quoted\n", "let x = 1"), ("a /* 1 /* 2 */ \" */ b", "a b"),
    ("f(a, b)", "f(\n  a,\n  b\n)"),
    ("a.b().c", "a\n  .b()\n  .c"), ("x - y", "x-y"), ("x\n  + y", "x + y"),
    ("if a { b }", "if a {\n b\n}\n"),
    ("[1, 2]", "[ 1,2 ]"), ("f(-x)", "f( -x )"), ("Array<Int> {", "Array<Int>\n{"), ("#!/bin/sh \"\nx", "x"),
    ("\"\"\"\n  a\n    b\n  \"\"\"", "\"\"\"\n      a\n        b\n      \"\"\""), ("\u{FEFF}a", "a"),
    ("a\r\nb", "a\nb"),
    ("a = b // \"\"\"\nc", "a = b\nc"), ("a ..< b", "a..<b"),
    ("let r = #/a \" //b/#  ;", "let r = #/a \" //b/#;"),
  ])
  func sameProgram(left: String, right: String) {
    #expect(normalized(left) == normalized(right))
  }

  @Test(arguments: [
    ("a b", "ab"), ("x -y", "x - y"), ("x -y", "x- y"), ("a + -b", "a +- b"), ("\"a b\"", "\"a  b\""),
    ("\"a // b\"", "\"a\""), ("\"/* a */\"", "\"\""), ("#\"a\" b \"c\"#", "#\"a\" b  \"c\"#"),
    ("\"\\\" a\"", "\"\\\"  a\""),
    ("\"\"\"\n  a\n    b\n  \"\"\"", "\"\"\"\n  a\n   b\n  \"\"\""),
    ("\"\"\"\n\"a\"  // b\n\"\"\"", "\"\"\"\n\"a\"\n\"\"\""),
    ("\"\\(f(\"a b\"))  c\"", "\"\\(f(\"a b\")) c\""), ("\"\\(f(\"a ) b\"))  c\"", "\"\\(f(\"a ) b\")) c\""),
    ("\"\\(x /* ) \" */)  c\"", "\"\\(x /* ) \" */) c\""), ("#\"\\(a)  b\"#", "#\"\\(a) b\"#"),
    ("#\"\\#(f(\"x\"))  b\"#", "#\"\\#(f(\"x\")) b\"#"), ("a\n(b)", "a(b)"), ("a\n[b]", "a[b]"),
    ("1.5", "1.6"),
    ("##\"a\"# b\"##", "##\"a\"#  b\"##"), ("#\"\"\"\n\"\"\"  a\n\"\"\"#", "#\"\"\"\n\"\"\" a\n\"\"\"#"),
    ("a /* x */ b", "a /* x */ c"), ("/* /* */ a", "/* */ a"), ("#/a  b/#", "#/a b/#"), ("x ? y", "x? y"),
  ])
  func anotherProgram(left: String, right: String) {
    #expect(normalized(left) != normalized(right))
  }

  @Test(arguments: [
    "\"", "\"\"\"", "\"\"\"\n", "#\"", "\"\\", "\"\\(", "/*", "#/", "\"\\(\"", "#", "/", "", "#!",
  ])
  func unfinishedSourceEnds(source: String) {
    #expect(normalized(source).utf8.count <= source.utf8.count)
  }

  @Test func findsImports() {
    let source = """
      // import Comment
      /* import Block */
      @testable import Tested
      public import Public; import struct Kind.Thing
      @_exported import
        Wrapped
      let text = "import Text"
      import Sub.Module
      #if canImport(Maybe)
      #endif
      """
    #expect(
      SwiftTokens(Array(source.utf8)).importedModules == ["Tested", "Public", "Kind", "Wrapped", "Sub"])
  }

  @Test func readsPackageManifests() {
    let source = """
      import PackageDescription
      let settings = [1] // note
      let package = Package(name: "P", targets: [
        .target(name: "A", dependencies: [.target(name: "B"), "C"], swiftSettings: settings),
        .target(name: "B"), // .target(name: "D")
        .executableTarget(
          name: "C", dependencies: ["A"]), .testTarget(name: "T"),
      ])
      """
    let tokens = SwiftTokens(Array(source.utf8))
    #expect(
      String(decoding: tokens.packagePrelude, as: UTF8.self)
        == "import PackageDescription let settings=[1]let".dropLast(3))
    let declarations = tokens.targetDeclarations.mapValues { String(decoding: $0, as: UTF8.self) }
    #expect(
      declarations == [
        "A": ".target(name:\"A\",dependencies:[.target(name:\"B\"),\"C\"],swiftSettings:settings)",
        "B": ".target(name:\"B\")", "C": ".executableTarget(name:\"C\",dependencies:[\"A\"])",
      ])
  }

  @Test func textOfCHeaders() {
    func c(_ text: String) -> String { String(decoding: CText.normalized(Array(text.utf8)), as: UTF8.self) }
    #expect(
      c("#pragma once\n\n#include <x.h>  // why\n\t/* a\n b */ int  f(void);\n")
        == "#pragma once\n#include <x.h>\nint f(void);")
    #expect(c("a /* b */ c") == c("a   c"))
    #expect(c("\"a  // b\"") == "\"a  // b\"")
    #expect(c("'\"' a  b '\\''  c") == "'\"' a b '\\'' c")
    #expect(c("#define A 1\nB") != c("#define A 1 B"))
    #expect(c("\"open") == "\"open")
    #expect(c("/* open") == "")
  }
}
