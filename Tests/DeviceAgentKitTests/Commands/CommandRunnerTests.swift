import DeviceAgentKit
import Testing

@Suite("What becomes of a command")
struct CommandRunnerTests {
  /// A runner whose commands leave traces.
  final class Bench {
    var runner: CommandRunner
    var ran: [String] = []
    var reports: [CommandReport] = []

    init(journal: CommandJournal) {
      runner = CommandRunner(journal: journal)
      for name in ["good", "rejecting", "failing", "long"] {
        runner.offer(
          CommandHandler(name, mayTakeLong: name == "long") { [unowned self] command in
            ran.append(command.id)
            switch name {
            case "rejecting": throw CommandRejection("not today")
            case "failing": throw SensorSuiteTests.Fake.Broken(description: "it broke")
            default: return ["echo": command.arguments]
            }
          })
      }
    }

    func send(_ command: Command, now: Int64 = 1000) -> [CommandReport.Status] {
      reports = []
      runner.receive(command, now: now) { reports.append($0) }
      return reports.map(\.status)
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var command: Command
    var statuses: [CommandReport.Status]
    var runs: Bool
    var error: String?
    var testDescription: String { "\(command.name) by \(command.notAfter ?? 0)" }
  }

  static let cases: [Case] = [
    Case(command: Command(id: "1", name: "good", arguments: ["x": 1]), statuses: [.accepted, .succeeded], runs: true),
    Case(command: Command(id: "1", name: "long"), statuses: [.accepted, .running, .succeeded], runs: true),
    Case(
      command: Command(id: "1", name: "rejecting"), statuses: [.accepted, .rejected], runs: true, error: "not today"),
    Case(command: Command(id: "1", name: "failing"), statuses: [.accepted, .failed], runs: true, error: "it broke"),
    Case(
      command: Command(id: "1", name: "nothing"), statuses: [.rejected], runs: false,
      error: "unknown command \"nothing\"; this device offers failing, good, long, rejecting"),
    Case(command: Command(id: "1", name: "good", notAfter: 1000), statuses: [.accepted, .succeeded], runs: true),
    Case(
      command: Command(id: "1", name: "good", notAfter: 999), statuses: [.rejected], runs: false,
      error: "expired: it should have begun 1 ms ago"),
    Case(
      command: Command(id: "1", name: "good", notAfter: .min), statuses: [.rejected], runs: false,
      error: "expired: it should have begun long ago"),
    Case(command: Command(id: "1", name: "good", notAfter: .max), statuses: [.accepted, .succeeded], runs: true),
  ]

  @Test("Run, rejected, failed; and the same answer again when it is sent again", arguments: cases)
  func table(_ row: Case) throws {
    let bench = Bench(journal: try CommandJournal(path: nil))
    #expect(bench.send(row.command) == row.statuses)
    #expect(bench.reports.last?.error == row.error)
    #expect(bench.ran == (row.runs ? ["1"] : []))
    let last = bench.reports.last
    // Again, even where it could now be run: what was said stays true.
    for now in [Int64.min, 0, 1000, .max] {
      var again = row.command
      again.name = "good"
      again.notAfter = nil
      #expect(bench.send(again, now: now) == [last?.status])
      #expect(bench.reports == [last])
    }
    #expect(bench.ran.count == (row.runs ? 1 : 0))
  }

  @Test("Across restarts nothing runs twice, and what was interrupted says so")
  func restart() throws {
    let directory = TestDirectory()
    let path = directory.file("journal")
    let first = Bench(journal: try CommandJournal(path: path))
    #expect(first.send(Command(id: "a", name: "good", arguments: ["n": 5])) == [.accepted, .succeeded])
    #expect(first.send(Command(id: "b", name: "nothing")) == [.rejected])
    // A command that never ended: its beginning is in the journal, its end is not.
    var journal = try CommandJournal(path: path)
    try journal.begin(Command(id: "c", name: "good"), now: 1000)

    let second = Bench(journal: try CommandJournal(path: path))
    #expect(second.send(Command(id: "a", name: "good")) == [.succeeded])
    #expect(second.reports.last?.result == ["echo": ["n": 5]])
    #expect(second.send(Command(id: "b", name: "good")) == [.rejected])
    #expect(second.send(Command(id: "c", name: "good")) == [.failed])
    #expect(second.reports.last?.error?.contains("may have had its effect") == true)
    #expect(second.ran.isEmpty)
    #expect(second.send(Command(id: "d", name: "good")) == [.accepted, .succeeded])

    let third = Bench(journal: try CommandJournal(path: path))
    #expect(third.send(Command(id: "c", name: "good")) == [.failed])
    #expect(third.send(Command(id: "d", name: "good")) == [.succeeded])
    #expect(third.ran.isEmpty)
  }

  @Test("What is noted before the effect is on the disk when the effect happens")
  func noteFirst() throws {
    let directory = TestDirectory()
    let path = directory.file("journal")
    var runner = CommandRunner(journal: try CommandJournal(path: path))
    runner.offer(
      CommandHandler("look") { command in
        let text = String(decoding: directory.read("journal") ?? [], as: UTF8.self)
        return .boolean(text.contains("\"\(command.id)\""))
      })
    var last: CommandReport?
    runner.receive(Command(id: "first", name: "look"), now: 0) { last = $0 }
    #expect(last?.result == true)
  }

  @Test("While the journal cannot take it, nothing runs")
  func fullJournal() throws {
    let bench = Bench(journal: try CommandJournal(path: nil, capacity: 2))
    for id in ["a", "b"] {
      #expect(bench.send(Command(id: id, name: "good", notAfter: 5_000)) == [.accepted, .succeeded])
    }
    #expect(bench.send(Command(id: "c", name: "good", notAfter: 5_000)) == [.rejected])
    #expect(bench.ran == ["a", "b"])
    // A minute after their time the first two cannot come again.
    #expect(bench.send(Command(id: "d", name: "good", notAfter: 100_000), now: 66_000) == [.accepted, .succeeded])
  }

  @Test("A message with an identifier that is no command is rejected, unless it is known better")
  func malformed() throws {
    let bench = Bench(journal: try CommandJournal(path: nil))
    _ = bench.send(Command(id: "a", name: "good"))
    var reports: [CommandReport] = []
    bench.runner.refuse(malformed: "a", reason: "no name") { reports.append($0) }
    bench.runner.refuse(malformed: "b", reason: "no name") { reports.append($0) }
    #expect(reports.map(\.status) == [.succeeded, .rejected])
  }
}
