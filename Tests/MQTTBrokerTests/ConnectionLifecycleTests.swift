import Testing

@testable import MQTTBroker

@Suite struct ConnectionLifecycleTests {
  @Test func connectComesFirstAndOnce() {
    var lifecycle = ConnectionLifecycle(openedAt: 0, connectTimeout: 10_000)
    let isAwaiting = lifecycle.isAwaitingConnect
    #expect(isAwaiting)
    #expect(lifecycle.receivedPacket(at: 1) == .refuseFirstPacket)
    #expect(lifecycle.receivedConnect(at: 2) == .checkAndRegister)
    lifecycle.accepted(keepAlive: 0, at: 3)
    #expect(lifecycle.receivedPacket(at: 4) == .handle)
    #expect(lifecycle.receivedConnect(at: 5) == .refuseSecondConnect)
    let first = lifecycle.closed()
    let second = lifecycle.closed()
    #expect(first && !second)
    #expect(lifecycle.receivedPacket(at: 6) == .ignore)
    #expect(lifecycle.receivedConnect(at: 6) == .ignore)
  }

  @Test(arguments: [(Int64(9_999), false), (10_000, true), (.max, true)])
  func connectMustComeInTime(now: Int64, isLate: Bool) {
    let lifecycle = ConnectionLifecycle(openedAt: 0, connectTimeout: 10_000)
    #expect((lifecycle.timePassed(to: now) == .closeWithoutConnect) == isLate)
  }

  /// [MQTT-3.1.2-22]: one and a half times the keep-alive after the last packet.
  @Test(arguments: [
    (UInt16(10), Int64(15_000), false), (10, 15_001, true), (0, .max, false), (65_535, 98_302_500, false),
  ])
  func keepAliveIsEnforced(keepAlive: UInt16, silence: Int64, isOver: Bool) {
    var lifecycle = ConnectionLifecycle(openedAt: 0, connectTimeout: 10_000)
    _ = lifecycle.receivedConnect(at: 0)
    lifecycle.accepted(keepAlive: keepAlive, at: 0)
    #expect((lifecycle.timePassed(to: silence) == .closeForKeepAlive) == isOver)
    _ = lifecycle.receivedPacket(at: silence == .max ? 0 : silence)
    #expect(lifecycle.timePassed(to: silence == .max ? 0 : silence) == .doNothing)
  }

  @Test func packetsWaitWhileTheSessionIsTakenOver() {
    var lifecycle = ConnectionLifecycle(openedAt: 0, connectTimeout: 10)
    _ = lifecycle.receivedConnect(at: 0)
    lifecycle.beganTakeOver()
    #expect(lifecycle.receivedPacket(at: 1) == .ignore)
    #expect(lifecycle.timePassed(to: 1_000) == .doNothing)
    lifecycle.accepted(keepAlive: 1, at: 2)
    let state = lifecycle.state
    #expect(state == .connected)
  }
}
