import DeviceAgentKit
import MosquittoClient
import Testing

@Suite("One run of an agent")
struct AgentSessionOnceTests {
  @Test("Publish, ask, run, report, leave")
  func whole() {
    var bench = SessionBench(mode: .once)
    bench.tick()
    bench.enqueue(1)
    bench.goOnline()
    bench.receive(on: bench.topics.nextCommandResponse, #"{"commands":[{"id":"a","name":"ping"}]}"#)
    #expect(bench.take() == [.runCommands([["id": "a", "name": "ping"]])])
    bench.note(
      bench.session.report(CommandReport(id: "a", status: .succeeded), replyTo: nil, at: bench.now.sinceBoot))
    #expect(bench.take().kinds == [.report(number: 0)])
    bench.acknowledge(.telemetry(sequence: 1))
    #expect(bench.take().isEmpty)
    bench.acknowledge(.report(number: 0))
    #expect(bench.take().kinds == [.offline])
    bench.acknowledge(.offline)
    #expect(bench.take() == [.disconnect, .finish(.success)])
  }

  @Test("It reads once, however long it takes")
  func oneReading() {
    var bench = SessionBench(mode: .once)
    bench.tick()
    bench.enqueue(1)
    bench.goOnline()
    bench.pass(.milliseconds(1500))
    bench.tick()
    #expect(!bench.take().contains(.readSensors))
  }

  /// What goes wrong, with the exit code that tells.
  static let failures: [(name: String, exit: AgentExit)] = [
    ("no connection", .hubUnreachable), ("refused", .refused), ("lost", .notAcknowledged), ("silent", .notAcknowledged),
    ("unreadable", .notAcknowledged), ("no answer", .success), ("no subscription", .success),
  ]

  @Test("What went wrong is the exit code", arguments: failures)
  func exits(_ row: (name: String, exit: AgentExit)) {
    var bench = SessionBench(mode: .once)
    bench.tick()
    bench.enqueue(1)
    switch row.name {
    case "no connection": bench.note(bench.session.connectionFailed("refused", at: bench.now.sinceBoot))
    case "refused":
      bench.session.connectionBegun(at: bench.now.sinceBoot)
      bench.receive(.refused(.notAuthorized))
    case "lost":
      bench.goOnline()
      bench.receive(.disconnected(.connectionLost))
    case "silent":
      bench.goOnline()
      bench.pass(.seconds(15))
    case "unreadable":
      bench.goOnline()
      bench.receive(on: bench.topics.nextCommandResponse, #"{"commands":[]}"#)
      bench.acknowledge(.telemetry(sequence: 1), .payloadFormatInvalid)
    case "no answer":
      bench.goOnline()
      bench.acknowledge(.telemetry(sequence: 1))
      bench.pass(.seconds(2))
    default:
      bench.connect()
      bench.acknowledge(.telemetry(sequence: 1))
      bench.receive(.subscribed(id: 1, [.notAuthorized]))
      bench.receive(.subscribed(id: 2, [.success]))
    }
    bench.tick()
    bench.acknowledge(.offline)
    #expect(bench.take().last == .finish(row.exit), "\(row.name)")
    #expect(bench.session.phase == .finished)
  }
}
