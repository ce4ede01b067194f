import DeviceAgentKit
import MosquittoClient
import Testing

@Suite("An agent's decisions")
struct AgentSessionTests {
  @Test("From the start to the first question")
  func start() {
    var bench = SessionBench()
    bench.tick()
    #expect(bench.take() == [.readSensors, .connect])
    bench.enqueue(1)
    #expect(bench.take().isEmpty)
    bench.session.connectionBegun(at: bench.now.sinceBoot)
    bench.receive(.connected(sessionPresent: false))
    let online = AgentPublication(
      kind: .online, topic: "v1/devices/pi/status", payload: Array("online".utf8), retain: true)
    let reading = AgentPublication(kind: .telemetry(sequence: 1), topic: "v1/devices/pi/telemetry", payload: [0x31])
    #expect(
      bench.take() == [
        .publish(online), .subscribe("v1/devices/pi/commands"), .subscribe("v1/devices/pi/commands/next/response"),
        .publishAttributes, .publish(reading),
      ])
    bench.receive(.subscribed(id: 1, [.success]))
    #expect(bench.take().isEmpty)
    bench.receive(.subscribed(id: 2, [.success]))
    let question = AgentPublication(
      kind: .commandRequest, topic: "v1/devices/pi/commands/next", payload: Array(#"{"max":8,"wait_s":0}"#.utf8))
    #expect(bench.take() == [.publish(question)])
  }

  @Test("What is not acknowledged is sent again on the next connection, in order")
  func resend() {
    var bench = SessionBench()
    bench.goOnline()
    for sequence in 1...UInt64(3) { bench.enqueue(sequence) }
    #expect(bench.take().kinds == [.telemetry(sequence: 1), .telemetry(sequence: 2), .telemetry(sequence: 3)])
    bench.acknowledge(.telemetry(sequence: 2))
    bench.receive(.disconnected(.connectionLost))
    #expect(bench.take() == [.dropConnection])
    bench.enqueue(4)
    bench.pass(.seconds(1))
    bench.connect()
    let sent = bench.take().kinds.filter { if case .telemetry = $0 { true } else { false } }
    #expect(sent == [.telemetry(sequence: 1), .telemetry(sequence: 3), .telemetry(sequence: 4)])
  }

  /// Reason codes, with whether the message is gone and whether it counts as taken.
  static let codes: [(code: UInt8, isGone: Bool, isTaken: Bool)] = [
    (0x00, true, true), (0x10, true, true), (0x7F, true, true), (0x80, false, false), (0x87, false, false),
    (0x90, false, false), (0x97, false, false), (0x99, true, false),
  ]

  @Test("Only a code below 0x80 means taken; 0x99 is final; the rest is tried again", arguments: codes)
  func reasonCodes(_ row: (code: UInt8, isGone: Bool, isTaken: Bool)) {
    var bench = SessionBench()
    bench.goOnline()
    bench.enqueue(1)
    _ = bench.take()
    bench.acknowledge(.telemetry(sequence: 1), MosquittoReasonCode(rawValue: row.code))
    #expect(bench.session.queue.isEmpty == row.isGone)
    #expect((bench.session.queue.acknowledged == 1) == row.isTaken)
    #expect((bench.session.queue.rejected == 1) == (row.isGone && !row.isTaken))
    #expect(bench.take().kinds.isEmpty)
    bench.pass(.seconds(5))
    bench.tick()
    #expect(bench.take().kinds == (row.isGone ? [] : [.telemetry(sequence: 1)]))
  }

  @Test("It waits longer and longer, and begins anew after a connection that lasted")
  func backoff() {
    var bench = SessionBench(seed: 5)
    var longest = Duration.zero
    for _ in 0..<30 {
      bench.tick()
      guard case .resolving = bench.session.phase else {
        Issue.record("\(bench.session.phase)")
        return
      }
      bench.note(bench.session.connectionFailed("refused", at: bench.now.sinceBoot))
      guard case .waiting(let until) = bench.session.phase else { return }
      longest = max(longest, until - bench.now.sinceBoot)
      #expect(until - bench.now.sinceBoot <= .seconds(30))
      bench.pass(until - bench.now.sinceBoot)
    }
    #expect(longest > .seconds(10))
    bench.goOnline()
    bench.pass(.seconds(6))
    bench.receive(.disconnected(.connectionLost))
    guard case .waiting(let until) = bench.session.phase else { return }
    #expect(until - bench.now.sinceBoot <= .milliseconds(500))
    #expect(bench.session.disconnects == 1)
  }

  @Test("Nothing is waited for without end")
  func timeouts() {
    var bench = SessionBench()
    bench.tick()
    bench.pass(.seconds(10))
    bench.tick()
    #expect(bench.take().contains(.dropConnection))
    bench.pass(.seconds(30))
    bench.tick()
    bench.session.connectionBegun(at: bench.now.sinceBoot)
    bench.pass(.seconds(10))
    _ = bench.take()
    bench.tick()
    #expect(bench.take().contains(.dropConnection))
  }

  @Test("Asked to stop, it says so and leaves; where nobody answers, after half a second")
  func stop() {
    for isAnswered in [true, false] {
      var bench = SessionBench()
      bench.goOnline()
      bench.note(bench.session.stop(at: bench.now.sinceBoot))
      let offline = AgentPublication(
        kind: .offline, topic: "v1/devices/pi/status", payload: Array("offline".utf8), retain: true)
      #expect(bench.take() == [.publish(offline)])
      if isAnswered { bench.acknowledge(.offline) } else { bench.pass(.milliseconds(500)) }
      bench.tick()
      #expect(bench.take() == [.disconnect, .finish(.success)])
      #expect(bench.session.nextDeadline == nil)
    }
    var unconnected = SessionBench()
    unconnected.tick()
    _ = unconnected.take()
    unconnected.note(unconnected.session.stop(at: unconnected.now.sinceBoot))
    #expect(unconnected.take() == [.dropConnection, .finish(.success)])
  }

  @Test("Commands come one by one and by the answer; retained ones are refused, the rest is ignored")
  func commands() {
    var bench = SessionBench()
    bench.goOnline()
    bench.receive(on: bench.topics.commands, "x")
    #expect(bench.take() == [.runCommand(payload: Array("x".utf8), replyTo: nil)])
    bench.receive(on: bench.topics.commands, "x", retain: true)
    bench.receive(on: "other", "x")
    #expect(bench.take().isEmpty)
    bench.receive(on: bench.topics.nextCommandResponse, #"{"commands":[{"id":"a"}],"time":1800000000000}"#)
    #expect(bench.take() == [.runCommands([["id": "a"]])])
    #expect(bench.session.hubTime.unixMilliseconds(at: bench.now) == 1_800_000_000_000)
    for text in ["", "[]", "{}", #"{"commands":5}"#, #"{"commands":[]}"#, #"{"time":"x"}"#] {
      bench.receive(on: bench.topics.nextCommandResponse, text)
      #expect(bench.take().isEmpty, "\(text)")
    }
    let full = "[\((0..<AgentLimits.commandsPerRequest).map(String.init).joined(separator: ","))]"
    bench.receive(on: bench.topics.nextCommandResponse, "{\"commands\":\(full)}")
    #expect(bench.take().kinds == [.commandRequest])
  }

  @Test("A report is sent again until the hub has it, and goes where the hub asked for it")
  func reports() {
    var bench = SessionBench()
    bench.goOnline()
    let report = CommandReport(id: "a", status: .succeeded)
    let reply = ReplyAddress(topic: "v1/devices/pi/commands/a/result", correlationData: [1, 2])
    bench.note(bench.session.report(report, replyTo: reply, at: bench.now.sinceBoot))
    let foreign = ReplyAddress(topic: "v1/devices/other/status")
    bench.note(bench.session.report(report, replyTo: foreign, at: bench.now.sinceBoot))
    let sent: [AgentPublication] = bench.take().compactMap {
      if case .publish(let publication) = $0 { publication } else { nil }
    }
    #expect(sent.map(\.topic) == [reply.topic, "v1/devices/pi/commands/a/result"])
    #expect(sent.map(\.correlationData) == [[1, 2], nil])
    bench.acknowledge(sent[0].kind)
    bench.receive(.disconnected(.connectionLost))
    bench.pass(.seconds(1))
    bench.connect()
    #expect(bench.take().kinds.filter { $0 == sent[0].kind || $0 == sent[1].kind } == [sent[1].kind])
  }
}
