import Glibc
import Testing

@testable import TelemetryHub

@Suite struct ConfigurationFileTests {
  @Test func aFileIsReadWhole() throws {
    let text = String(repeating: "# a comment that fills more than one block of reading\n", count: 2_000)
    try withTemporaryFile(Array(text.utf8)) { (path: String) throws -> Void in
      try #expect(ConfigurationFile(path: path).text == text)
    }
  }

  @Test func whatCannotBeReadIsExplained() throws {
    let missing = #expect(throws: ConfigurationError.self) { try ConfigurationFile(path: "/nonexistent/hub.toml") }
    #expect(missing?.description == "/nonexistent/hub.toml: cannot read: No such file or directory")
    let folder = #expect(throws: ConfigurationError.self) { try ConfigurationFile(path: "/") }
    #expect(folder?.description == "/: cannot read: Is a directory")

    try withTemporaryFile([0x61, 0xFF]) { path in
      let error = #expect(throws: ConfigurationError.self) { try ConfigurationFile(path: path) }
      #expect(error?.message == "not UTF-8 text")
    }
    try withTemporaryFile(Array("[mqtt]\u{0}\nlisten = 1".utf8)) { path in
      let error = #expect(throws: ConfigurationError.self) { try ConfigurationFile(path: path) }
      #expect(error?.message == "holds a NUL character")
    }
    try withTemporaryFile([UInt8](repeating: 0x20, count: ConfigurationFile.maximumSize + 1)) { path in
      let error = #expect(throws: ConfigurationError.self) { try ConfigurationFile(path: path) }
      #expect(error?.message == "longer than 1048576 bytes")
    }
  }

  @Test func theEnvironmentIsRead() {
    let bytes = Array("A=1\u{0}B=x=y\u{0}EMPTY=\u{0}odd\u{0}".utf8) + [0xFF, 0x3D, 0x31, 0]
    #expect(ProcessEnvironment.parse(bytes) == ["A": "1", "B": "x=y", "EMPTY": ""])
    #expect(ProcessEnvironment.parse([]).isEmpty)
    #expect(ProcessEnvironment.current()["PATH"] == getenv("PATH").map { String(cString: $0) })
  }

  @Test(arguments: [
    ("", "", 0), ("abc", "", 3), ("memory", "memroy", 2), ("kitten", "sitting", 3), ("listen", "listen", 0),
  ])
  func distances(a: String, b: String, distance: Int) {
    #expect(editDistance(a, b) == distance)
    #expect(editDistance(b, a) == distance)
  }
}
