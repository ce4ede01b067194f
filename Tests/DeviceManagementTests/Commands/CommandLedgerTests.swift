import Testing

@testable import DeviceManagement

/// What happens to one command, and what it has become then.
@Suite struct CommandLedgerTests {
  enum Event: Sendable {
    case next, delivered, notDelivered, cancel, time(Int64)
    case report(String)
  }

  static let cases: [([Event], CommandState)] = [
    ([], .queued),
    ([.next], .sent),
    ([.next, .next], .sent),
    ([.next, .delivered], .delivered),
    ([.delivered], .queued),
    ([.next, .notDelivered], .queued),
    ([.notDelivered], .queued),
    ([.next, .notDelivered, .next, .delivered], .delivered),
    ([.next, .delivered, .notDelivered], .delivered),
    ([.next, .report("accepted")], .accepted),
    ([.next, .report("running"), .report("accepted")], .running),
    ([.next, .report("running"), .delivered], .running),
    ([.next, .delivered, .report("accepted"), .report("running"), .report("succeeded")], .succeeded),
    ([.next, .report("failed")], .failed),
    ([.next, .report("rejected")], .rejected),
    ([.next, .report("succeeded"), .report("failed")], .succeeded),
    ([.next, .report("nonsense")], .sent),
    ([.cancel], .cancelled),
    ([.next, .cancel], .sent),
    ([.next, .notDelivered, .cancel], .cancelled),
    ([.time(59_999)], .queued),
    ([.time(60_000)], .expired),
    ([.next, .time(60_000)], .unknown),
    ([.next, .delivered, .time(60_000)], .unknown),
    ([.time(60_000), .next], .expired),
    // The device's word extends the time to answer; it has a time to live since its last word.
    ([.next, .time(50_000), .report("running"), .time(60_000)], .running),
    ([.next, .time(50_000), .report("running"), .time(109_999)], .running),
    ([.next, .time(50_000), .report("running"), .time(110_000)], .unknown),
    ([.next, .time(50_000), .report("running"), .time(100_000), .report("running"), .time(110_000)], .running),
    // Late evidence resolves what the hub only concluded.
    ([.next, .time(60_000), .report("succeeded")], .succeeded),
    ([.next, .time(60_000), .report("failed")], .failed),
    ([.next, .time(60_000), .report("running")], .unknown),
    ([.next, .time(60_000), .report("running"), .report("succeeded")], .succeeded),
    ([.next, .time(60_000), .delivered], .unknown),
    ([.next, .notDelivered, .time(60_000), .report("succeeded")], .succeeded),
    // A device that knows the identifier has received it, whatever the hub thinks.
    ([.report("succeeded")], .succeeded),
    ([.cancel, .report("succeeded")], .succeeded),
  ]

  @Test(arguments: cases)
  func becomes(_ events: [Event], _ expected: CommandState) throws {
    var ledger = CommandLedger(limits: DeviceManagementLimits())
    var now: Int64 = 0
    let id = try ledger.created(device: "pi", request: CommandRequest(name: "ping"), now: now, random: (1, 2)).id
    for event in events {
      switch event {
      case .next: _ = ledger.next(for: "pi", maximum: 1, by: .publish, now: now)
      case .delivered: _ = ledger.deliveredToDevice(id, evidence: "PUBACK", now: now)
      case .notDelivered: _ = ledger.notDelivered(id, evidence: "not written", now: now)
      case .cancel: _ = try? ledger.cancelled(id, now: now)
      case .report(let status):
        _ = ledger.resultReceived(id, from: "pi", payload: Array("{\"status\":\"\(status)\"}".utf8), now: now)
      case .time(let time):
        now = time
        _ = ledger.timePassed(now: now)
      }
    }
    let command = try #require(ledger[id])
    #expect(command.state == expected)
    #expect(command.transitions.last?.state == expected)
    #expect(ledger.statistics.open == (expected.isFinal ? 0 : 1))
    #expect(ledger.statistics.entered[expected] ?? 0 >= 1)
  }

  @Test func keepsEvidenceAndTimes() throws {
    var ledger = CommandLedger(limits: DeviceManagementLimits())
    let id = try ledger.created(device: "pi", request: CommandRequest(name: "ping"), now: 10, random: (1, 2)).id
    _ = ledger.next(for: "pi", maximum: 1, by: .answerToNext, now: 20)
    _ = ledger.deliveredToDevice(id, evidence: "PUBACK", now: 30)
    _ = ledger.resultReceived(id, from: "pi", payload: Array(#"{"status":"running","progress":0.4}"#.utf8), now: 40)
    let payload = #"{"status":"succeeded", "result": {"pong": true}, "error": {"code": 1}}"#
    _ = ledger.resultReceived(id, from: "pi", payload: Array(payload.utf8), now: 50)
    let command = try #require(ledger[id])
    #expect(
      command.transitions == [
        .init(state: .queued, time: 10, evidence: "created"),
        .init(state: .sent, time: 20, evidence: "answer to commands/next"),
        .init(state: .delivered, time: 30, evidence: "PUBACK"),
        .init(state: .running, time: 40, evidence: "the device's word"),
        .init(state: .succeeded, time: 50, evidence: "the device's word"),
      ])
    #expect(command.result == Array(#"{"pong":true}"#.utf8))
    #expect(command.error == #"{"code":1}"#)
    #expect(command.progress == 0.4)
  }

  @Test(arguments: [
    "", "x", "[]", "{}", #"{"status":1}"#, #"{"status":"done"}"#, #"{"status":"succeeded""#,
    String(repeating: " ", count: 70_000) + #"{"status":"succeeded"}"#,
  ])
  func tellsWhatCannotBeRead(payload: String) throws {
    var ledger = CommandLedger(limits: DeviceManagementLimits())
    let id = try ledger.created(device: "pi", request: CommandRequest(name: "ping"), now: 0, random: (1, 2)).id
    _ = ledger.next(for: "pi", maximum: 1, by: .publish, now: 0)
    guard case .unreadable = ledger.resultReceived(id, from: "pi", payload: Array(payload.utf8), now: 1) else {
      Issue.record("it was taken")
      return
    }
    #expect(ledger[id]?.state == .sent)
    #expect(ledger[id]?.transitions.last?.evidence.hasPrefix("a result that could not be read") == true)
    #expect(ledger.statistics.reportsUnreadable == 1)
  }

  @Test func believesOnlyTheCommandsOwnDevice() throws {
    var ledger = CommandLedger(limits: DeviceManagementLimits())
    let id = try ledger.created(device: "pi", request: CommandRequest(name: "ping"), now: 0, random: (1, 2)).id
    let payload = Array(#"{"status":"succeeded"}"#.utf8)
    #expect(ledger.resultReceived(id, from: "other", payload: payload, now: 1) == .noSuchCommand)
    #expect(ledger.resultReceived("none", from: "pi", payload: payload, now: 1) == .noSuchCommand)
    #expect(ledger[id]?.state == .queued)
  }

  @Test func handsOutTheOldestFirstAndEachOnce() throws {
    var ledger = CommandLedger(limits: DeviceManagementLimits())
    let ids = try (0..<5).map {
      try ledger.created(device: "pi", request: CommandRequest(name: "c\($0)"), now: 0, random: (UInt64($0), 0)).id
    }
    _ = try ledger.created(device: "other", request: CommandRequest(name: "x"), now: 0, random: (9, 9))
    #expect(ids == ids.sorted())
    #expect(ledger.next(for: "pi", maximum: 2, by: .publish, now: 1).map(\.id) == Array(ids[0..<2]))
    #expect(ledger.next(for: "pi", maximum: 0, by: .publish, now: 1).isEmpty)
    #expect(ledger.next(for: "pi", maximum: 9, by: .publish, now: 1).map(\.id) == Array(ids[2..<5]))
    #expect(ledger.next(for: "pi", maximum: 9, by: .publish, now: 1).isEmpty)
  }

  @Test func handsOutNothingThatIsOver() throws {
    var ledger = CommandLedger(limits: DeviceManagementLimits())
    _ = try ledger.created(
      device: "pi", request: CommandRequest(name: "ping", timeToLive: 5), now: 0, random: (1, 2))
    // Its time is over although nobody has said so yet.
    #expect(ledger.next(for: "pi", maximum: 1, by: .publish, now: 5).isEmpty)
    #expect(ledger.nextDeadline == 5)
    #expect(ledger.timePassed(now: 5).map(\.state) == [.expired])
    #expect(ledger.nextDeadline == nil)
  }
}
