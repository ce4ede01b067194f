import DeviceAgentKit
import Testing

@Suite("The journal of commands")
struct CommandJournalTests {
  private static let finished = CommandReport(id: "b", status: .succeeded, result: ["n": 1])

  private static func sample(_ directory: TestDirectory) throws -> [UInt8] {
    var journal = try CommandJournal(path: directory.file("journal"))
    try journal.begin(Command(id: "a", name: "x", notAfter: 77), now: 0)
    try journal.begin(Command(id: "b", name: "x"), now: 0)
    try journal.finish(finished)
    try journal.begin(Command(id: "c", name: "x"), now: 0)
    return directory.read("journal") ?? []
  }

  @Test("Cut anywhere, it keeps every whole line, goes on working, and is whole again")
  func torn() throws {
    let directory = TestDirectory()
    let whole = try Self.sample(directory)
    for end in 0...whole.count {
      let cut = Array(whole[..<end])
      directory.write(cut, to: "journal")
      var journal = try CommandJournal(path: directory.file("journal"))
      let lines = cut.count { $0 == UInt8(ascii: "\n") }
      // A last line without its newline may be whole all the same; then it counts.
      let extra = whole.count > end && whole[end] == UInt8(ascii: "\n") ? 1 : 0
      #expect((journal["a"] != nil) == (lines + extra >= 1))
      #expect((journal["b"] != nil) == (lines + extra >= 2))
      #expect((journal["b"] == .finished(Self.finished)) == (lines + extra >= 3))
      try journal.begin(Command(id: "new", name: "x"), now: 0)
      let again = try CommandJournal(path: directory.file("journal"))
      #expect(again["new"] == .begun)
      #expect(again.count == journal.count)
    }
  }

  @Test("Garbage in the file costs the lines it hit and never traps")
  func garbage() throws {
    var random = SplitMix64(seed: 41)
    let directory = TestDirectory()
    let whole = try Self.sample(directory)
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      directory.write(bytes, to: "journal")
      var journal = try CommandJournal(path: directory.file("journal"))
      #expect(journal.count <= 6)
      try journal.begin(Command(id: "new", name: "x"), now: 0)
      #expect(try CommandJournal(path: directory.file("journal"))["new"] == .begun)
    }
  }

  @Test("It stays bounded however many commands pass")
  func bounded() throws {
    let directory = TestDirectory()
    var journal = try CommandJournal(path: directory.file("journal"), capacity: 8)
    for number in 0..<200 {
      try journal.begin(Command(id: "c\(number)", name: "x", notAfter: Int64(number)), now: Int64(number) + 70_000)
      try journal.finish(CommandReport(id: "c\(number)", status: .succeeded))
      #expect(journal.count <= 8)
    }
    #expect(journal["c199"] != nil && journal["c191"] == nil)
    #expect((directory.read("journal") ?? []).count < 8 * 4 * 80)
    #expect(try CommandJournal(path: directory.file("journal"), capacity: 8)["c199"] == journal["c199"])
  }

  @Test("A long result is forgotten, its status is not")
  func longResult() throws {
    let directory = TestDirectory()
    var journal = try CommandJournal(path: directory.file("journal"))
    try journal.begin(Command(id: "a", name: "x"), now: 0)
    let long = JSONValue.string(String(repeating: "x", count: AgentLimits.journaledResultBytes))
    try journal.finish(CommandReport(id: "a", status: .succeeded, result: long))
    let again = try CommandJournal(path: directory.file("journal"))
    #expect(again["a"] == .finished(CommandReport(id: "a", status: .succeeded)))
  }
}
