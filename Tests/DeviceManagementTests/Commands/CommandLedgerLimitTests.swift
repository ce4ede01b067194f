import Testing

@testable import DeviceManagement

@Suite struct CommandLedgerLimitTests {
  private func limits(_ change: (inout DeviceManagementLimits) -> Void) -> DeviceManagementLimits {
    var limits = DeviceManagementLimits()
    change(&limits)
    return limits
  }

  @Test func limitsFitEachOther() {
    let limits = DeviceManagementLimits()
    #expect(limits.maximumOpenCommandsPerDevice < limits.maximumCommandsPerDevice)
    #expect(limits.maximumCommandsPerDevice < limits.maximumCommands)
    #expect(limits.defaultTimeToLive <= limits.maximumTimeToLive)
    #expect(limits.maximumArgumentsBytes + limits.maximumResultBytes < limits.maximumCommandBytes)
    #expect(limits.maximumAttributesBytes < limits.maximumRegistryBytes)
    #expect(limits.maximumTransitions >= CommandState.allCases.count)
  }

  static let refused: [(CommandRequest, CommandError)] = [
    (CommandRequest(name: ""), .invalidName("", maximumBytes: 64)),
    (CommandRequest(name: "a b"), .invalidName("a b", maximumBytes: 64)),
    (CommandRequest(name: "a/b"), .invalidName("a/b", maximumBytes: 64)),
    (CommandRequest(name: "é"), .invalidName("é", maximumBytes: 64)),
    (
      CommandRequest(name: String(repeating: "a", count: 65)),
      .invalidName(String(repeating: "a", count: 64), maximumBytes: 64)
    ),
    (CommandRequest(name: "a", arguments: .array([])), .invalidArguments(reason: "expected an object, found an array")),
    (CommandRequest(name: "a", timeToLive: 0), .invalidTimeToLive(0, limit: 604_800_000)),
    (CommandRequest(name: "a", timeToLive: -1), .invalidTimeToLive(-1, limit: 604_800_000)),
    (CommandRequest(name: "a", timeToLive: .max), .invalidTimeToLive(.max, limit: 604_800_000)),
    (
      CommandRequest(name: "a", arguments: .object([.init("x", .string(String(repeating: "y", count: 70_000)))])),
      .argumentsTooLarge(bytes: 70_008, limit: 65_536)
    ),
  ]

  @Test(arguments: refused)
  func refuses(_ request: CommandRequest, _ expected: CommandError) {
    var ledger = CommandLedger(limits: DeviceManagementLimits())
    #expect(throws: expected) { try ledger.created(device: "pi", request: request, now: 0, random: (1, 2)) }
    #expect(ledger.statistics.refused == 1)
    #expect(ledger.statistics.held == 0)
  }

  @Test func refusesWhatWouldBeTooManyOpen() throws {
    var ledger = CommandLedger(limits: limits { $0.maximumOpenCommandsPerDevice = 2 })
    let first = try ledger.created(device: "pi", request: CommandRequest(name: "a"), now: 0, random: (1, 1))
    _ = try ledger.created(device: "pi", request: CommandRequest(name: "b"), now: 0, random: (2, 2))
    #expect(throws: CommandError.tooManyOpenCommands(limit: 2)) {
      try ledger.created(device: "pi", request: CommandRequest(name: "c"), now: 0, random: (3, 3))
    }
    _ = try ledger.created(device: "other", request: CommandRequest(name: "c"), now: 0, random: (3, 3))
    _ = try ledger.cancelled(first.id, now: 1)
    _ = try ledger.created(device: "pi", request: CommandRequest(name: "c"), now: 2, random: (4, 4))
  }

  @Test func forgetsTheOldestFinalOnesFirst() throws {
    var ledger = CommandLedger(limits: limits { $0.maximumCommands = 3 })
    let ids = try (0..<3).map {
      try ledger.created(device: "d\($0)", request: CommandRequest(name: "a"), now: 0, random: (UInt64($0), 0)).id
    }
    #expect(throws: CommandError.hubIsFull) {
      try ledger.created(device: "d9", request: CommandRequest(name: "a"), now: 0, random: (9, 9))
    }
    _ = try ledger.cancelled(ids[2], now: 1)
    _ = try ledger.cancelled(ids[0], now: 2)
    _ = try ledger.created(device: "d9", request: CommandRequest(name: "a"), now: 3, random: (9, 9))
    #expect(ledger[ids[2]] == nil)
    #expect(ledger[ids[0]] != nil)
    #expect(ledger.list(of: "d2").isEmpty)
  }

  @Test func oneDeviceDoesNotPushOutTheOthers() throws {
    var ledger = CommandLedger(
      limits: limits {
        $0.maximumCommandsPerDevice = 4
        $0.maximumOpenCommandsPerDevice = 2
      })
    let quiet = try ledger.created(device: "quiet", request: CommandRequest(name: "a"), now: 0, random: (1, 1))
    _ = try ledger.cancelled(quiet.id, now: 0)
    for index in 0..<1_000 {
      let command = try ledger.created(
        device: "noisy", request: CommandRequest(name: "a"), now: Int64(index), random: (UInt64(index), 0))
      _ = try ledger.cancelled(command.id, now: Int64(index))
    }
    #expect(ledger[quiet.id] != nil)
    #expect(ledger.list(of: "noisy").count == 4)
    #expect(ledger.statistics.held == 5)
    #expect(ledger.deadlines.entries.count < 200)
  }

  @Test func resultsMakeRoomOrAreLeftOut() throws {
    var ledger = CommandLedger(limits: limits { $0.maximumCommandBytes = 1_000 })
    let report = Array("{\"status\":\"succeeded\",\"result\":\"\(String(repeating: "x", count: 600))\"}".utf8)
    let ids = try (0..<3).map {
      try ledger.created(device: "d\($0)", request: CommandRequest(name: "a"), now: 0, random: (UInt64($0), 0)).id
    }
    #expect(ledger.resultReceived(ids[0], from: "d0", payload: report, now: 1) == .recorded(.succeeded))
    // The first, final and large, is forgotten for the second.
    #expect(ledger.resultReceived(ids[1], from: "d1", payload: report, now: 2) == .recorded(.succeeded))
    #expect(ledger[ids[0]] == nil)
    #expect(ledger[ids[1]]?.result?.count == 602)
    let huge = Array("{\"status\":\"succeeded\",\"result\":\"\(String(repeating: "x", count: 2_000))\"}".utf8)
    #expect(ledger.resultReceived(ids[2], from: "d2", payload: huge, now: 3) == .recorded(.succeeded))
    #expect(ledger[ids[2]]?.state == .succeeded)
    #expect(ledger[ids[2]]?.result == nil)
    #expect(
      ledger[ids[2]]?.transitions.map(\.evidence).contains("the hub had no room for what the device answered") == true)
    #expect(ledger.statistics.bytes <= 1_000)
  }

  @Test func historyIsBounded() throws {
    var ledger = CommandLedger(limits: limits { $0.maximumTransitions = 12 })
    let id = try ledger.created(device: "pi", request: CommandRequest(name: "a"), now: 0, random: (1, 1)).id
    for time in 1...1_000 {
      _ = ledger.next(for: "pi", maximum: 1, by: .publish, now: Int64(time))
      _ = ledger.notDelivered(id, evidence: "not written", now: Int64(time))
    }
    let transitions = try #require(ledger[id]?.transitions)
    #expect(transitions.count == 12)
    #expect(transitions.first?.evidence == "created")
    #expect(transitions.last?.time == 1_000)
  }

  @Test(arguments: [Int64.min, -1, 0, Int64.max - 1, Int64.max])
  func anyTimeWillDo(now: Int64) throws {
    var ledger = CommandLedger(limits: DeviceManagementLimits())
    let command = try ledger.created(device: "pi", request: CommandRequest(name: "a"), now: now, random: (1, 1))
    _ = ledger.next(for: "pi", maximum: 1, by: .publish, now: now)
    _ = ledger.resultReceived(command.id, from: "pi", payload: Array(#"{"status":"running"}"#.utf8), now: now)
    _ = ledger.timePassed(now: .max)
    #expect(ledger[command.id]?.state == .unknown)
  }
}
