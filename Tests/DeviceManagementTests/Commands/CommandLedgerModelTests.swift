import Testing

@testable import DeviceManagement

/// Random events, and what must hold whatever happens.
@Suite struct CommandLedgerModelTests {
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func holdsItsInvariants(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var limits = DeviceManagementLimits()
    limits.maximumCommands = 40
    limits.maximumCommandsPerDevice = 12
    limits.maximumOpenCommandsPerDevice = 6
    limits.maximumCommandBytes = 4_000
    var ledger = CommandLedger(limits: limits)
    var now: Int64 = 0
    var last: [String: Command] = [:]
    let devices = ["a", "b", "c", "d", "e"]
    let statuses = ["accepted", "running", "succeeded", "failed", "rejected", "wrong"]
    for _ in 0..<3_000 {
      let device = devices.randomElement(using: &random) ?? "a"
      let id = last.keys.sorted().randomElement(using: &random) ?? ""
      switch Int.random(in: 0..<10, using: &random) {
      case 0...2:
        let text = String(repeating: "x", count: Int.random(in: 0..<200, using: &random))
        let request = CommandRequest(
          name: "n", arguments: .object([.init("x", .string(text))]),
          timeToLive: Int64.random(in: 1...500, using: &random))
        _ = try? ledger.created(device: device, request: request, now: now, random: (random.next(), random.next()))
      case 3:
        let taken = ledger.next(for: device, maximum: Int.random(in: 0...3, using: &random), by: .publish, now: now)
        #expect(taken.allSatisfy { last[$0.id].map { $0.state == .queued } ?? true })
      case 4: _ = ledger.deliveredToDevice(id, evidence: "PUBACK", now: now)
      case 5: _ = ledger.notDelivered(id, evidence: "not written", now: now)
      case 6: _ = try? ledger.cancelled(id, now: now)
      case 7, 8:
        let status = statuses.randomElement(using: &random) ?? ""
        let result = String(repeating: "y", count: Int.random(in: 0..<300, using: &random))
        let payload = Array("{\"status\":\"\(status)\",\"result\":\"\(result)\"}".utf8)
        _ = ledger.resultReceived(id, from: ledger[id]?.device ?? device, payload: payload, now: now)
      default:
        now += Int64.random(in: 0...120, using: &random)
        for command in ledger.timePassed(now: now) {
          #expect(command.state == .expired || command.state == .unknown)
          // It never left the hub only if the last thing before was to be queued.
          if command.state == .expired { #expect(command.transitions.dropLast().last?.state == .queued) }
        }
      }
      check(ledger, &last, now: now)
    }
    #expect(ledger.statistics.created > 100)
  }

  private func check(_ ledger: CommandLedger, _ last: inout [String: Command], now: Int64) {
    let held = ledger.commands
    let limits = ledger.limits
    #expect(ledger.statistics.held == held.count)
    #expect(held.count <= limits.maximumCommands)
    #expect(ledger.statistics.open == held.values.count { !$0.state.isFinal })
    #expect(ledger.statistics.bytes == held.values.reduce(0) { $0 + $1.bytes })
    #expect(ledger.statistics.bytes <= limits.maximumCommandBytes)
    for (device, ids) in ledger.idsByDevice {
      #expect(!ids.isEmpty && ids.count <= limits.maximumCommandsPerDevice)
      #expect(ids == ids.sorted())
      #expect(ids.allSatisfy { held[$0]?.device == device })
    }
    for (id, command) in held {
      #expect(command.transitions.last?.state == command.state)
      guard let before = last[id] else { continue }
      // The device's last word stands for ever.
      if before.state.isDevicesLastWord { #expect(command == before) }
      if before.state != .queued, !before.state.isFinal { #expect(command.state != .expired) }
    }
    // An open command is never forgotten.
    for (id, before) in last where !before.state.isFinal { #expect(held[id] != nil) }
    if let deadline = held.values.filter({ !$0.state.isFinal }).map(\.deadline).min() {
      #expect((ledger.nextDeadline ?? .max) <= deadline)
    } else {
      #expect(ledger.nextDeadline == nil)
    }
    last = held
  }
}
