import DeviceAgentKit
import Testing

@Suite("The state directory")
struct StateDirectoryTests {
  @Test("Made with its parents, and held by one")
  func lock() throws {
    let directory = TestDirectory()
    let path = directory.file("a/b/c")
    var state: StateDirectory? = try StateDirectory(path)
    #expect(state?.file("x") == "\(path)/x")
    #expect {
      try StateDirectory(path)
    } throws: { "\($0)".contains("another agent is using") }
    state = nil
    _ = try StateDirectory(path)
  }

  @Test("A file in the way is named")
  func inTheWay() {
    let directory = TestDirectory()
    directory.write("x", to: "file")
    #expect {
      try StateDirectory(directory.file("file/state"))
    } throws: { "\($0)".contains("--state-dir") }
  }

  @Test("A file is replaced whole")
  func replacement() throws {
    let directory = TestDirectory()
    directory.write("old and longer", to: "f")
    try FileReplacement.write(Array("new".utf8), to: directory.file("f"))
    #expect(directory.read("f") == Array("new".utf8))
    #expect(directory.read("f.new") == nil)
  }
}
