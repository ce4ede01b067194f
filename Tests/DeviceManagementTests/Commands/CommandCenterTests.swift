import Testing

@testable import DeviceManagement

@Suite struct CommandCenterTests {
  private let succeeded = Array(#"{"status":"succeeded","result":{"pong":true}}"#.utf8)

  @Test func aWaitEndsWithTheResult() async throws {
    let center = CommandCenter()
    let command = try center.create(device: "pi", request: CommandRequest(name: "ping"), now: 0)
    async let waited = center.wait(for: command.id, timeout: .seconds(1), clock: StillClock(isOver: false))
    await untilWaiting(1, center)
    _ = center.takeQueued(for: "pi", max: 1, by: .publish, now: 1)
    #expect(center.receivedResult(device: "pi", id: command.id, payload: succeeded, now: 2) == .recorded(.succeeded))
    let result = await waited
    #expect(result?.state == .succeeded)
    #expect(result?.result == Array(#"{"pong":true}"#.utf8))
    #expect(center.waiterCount == 0)
  }

  @Test func aWaitEndsWithItsTime() async throws {
    let center = CommandCenter()
    let command = try center.create(device: "pi", request: CommandRequest(name: "ping"), now: 0)
    let waited = await center.wait(for: command.id, timeout: .seconds(1), clock: StillClock(isOver: true))
    #expect(waited?.state == .queued)
    #expect(center.waiterCount == 0)
  }

  @Test func aWaitEndsWithItsTask() async throws {
    let center = CommandCenter()
    let command = try center.create(device: "pi", request: CommandRequest(name: "ping"), now: 0)
    let waiting = Task {
      await center.wait(for: command.id, timeout: .seconds(1), clock: StillClock(isOver: false))
    }
    await untilWaiting(1, center)
    waiting.cancel()
    #expect(await waiting.value?.state == .queued)
    #expect(center.waiterCount == 0)
  }

  @Test func expiryAndCancellationEndWaitsToo() async throws {
    let center = CommandCenter()
    let first = try center.create(device: "pi", request: CommandRequest(name: "a", timeToLive: 5), now: 0)
    let second = try center.create(device: "pi", request: CommandRequest(name: "b"), now: 0)
    async let expired = center.wait(for: first.id, timeout: .seconds(1), clock: StillClock(isOver: false))
    async let cancelled = center.wait(for: second.id, timeout: .seconds(1), clock: StillClock(isOver: false))
    await untilWaiting(2, center)
    #expect(center.nextDeadline == 5)
    #expect(center.expire(now: 5).map(\.id) == [first.id])
    #expect(try center.cancel(second.id, now: 6).state == .cancelled)
    #expect(await expired?.state == .expired)
    #expect(await cancelled?.state == .cancelled)
    #expect(throws: CommandError.notQueued(.cancelled)) { try center.cancel(second.id, now: 7) }
    #expect(throws: CommandError.notFound) { try center.cancel("none", now: 7) }
  }

  @Test func whatIsFinalOrMissingIsNotWaitedFor() async throws {
    let center = CommandCenter()
    let command = try center.create(device: "pi", request: CommandRequest(name: "a"), now: 0)
    _ = try center.cancel(command.id, now: 0)
    let never = StillClock(isOver: false)
    #expect(await center.wait(for: command.id, timeout: .seconds(1), clock: never)?.state == .cancelled)
    #expect(await center.wait(for: "none", timeout: .seconds(1), clock: never) == nil)
  }

  @Test func waitersAreBounded() async throws {
    var limits = DeviceManagementLimits()
    limits.maximumWaiters = 1
    let center = CommandCenter(limits: limits)
    let command = try center.create(device: "pi", request: CommandRequest(name: "a"), now: 0)
    let never = StillClock(isOver: false)
    async let first = center.wait(for: command.id, timeout: .seconds(1), clock: never)
    await untilWaiting(1, center)
    #expect(await center.wait(for: command.id, timeout: .seconds(1), clock: never)?.state == .queued)
    _ = try center.cancel(command.id, now: 1)
    #expect(await first?.state == .cancelled)
  }

  @Test func manyWaitAtOnce() async throws {
    let center = CommandCenter()
    try await withThrowingTaskGroup(of: CommandState?.self) { group in
      for device in 0..<200 {
        let command = try center.create(device: "d\(device)", request: CommandRequest(name: "a"), now: 0)
        group.addTask { [succeeded] in
          async let waited = center.wait(
            for: command.id, timeout: .seconds(1), clock: StillClock(isOver: false))
          _ = center.takeQueued(for: "d\(device)", max: 1, by: .publish, now: 1)
          _ = center.receivedResult(device: "d\(device)", id: command.id, payload: succeeded, now: 2)
          return await waited?.state
        }
      }
      var count = 0
      for try await state in group {
        #expect(state == .succeeded)
        count += 1
      }
      #expect(count == 200)
    }
    #expect(center.waiterCount == 0)
  }

  @Test func writesWhatADeviceGets() throws {
    let center = CommandCenter(random: { 0 })
    let command = try center.create(
      device: "pi", request: CommandRequest(name: "set-interval", arguments: .object([.init("s", .number("5"))])),
      now: 1_000)
    let wire = "{\"id\":\"\(command.id)\",\"name\":\"set-interval\",\"arguments\":{\"s\":5},\"not_after\":61000}"
    #expect(String(decoding: command.wirePayload, as: UTF8.self) == wire)
    let answer = Command.answerToNext([command, command], retryAfterSeconds: 30, now: 7)
    let expected = "{\"commands\":[\(wire),\(wire)],\"retry_after_s\":30,\"time\":7}"
    #expect(String(decoding: answer, as: UTF8.self) == expected)
    let empty = Command.answerToNext([], retryAfterSeconds: 30, now: 7)
    #expect(String(decoding: empty, as: UTF8.self) == "{\"commands\":[],\"retry_after_s\":30,\"time\":7}")
  }

  /// Returns once so many wait; nothing is timed, it only lets other tasks run.
  private func untilWaiting(_ count: Int, _ center: CommandCenter) async {
    while center.waiterCount < count { await Task.yield() }
  }
}
