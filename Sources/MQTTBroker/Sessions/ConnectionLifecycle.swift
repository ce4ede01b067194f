/// The life of one network connection, without its bytes: what may happen when, and when time is up.
///
/// Times are `BrokerTime.monotonic` milliseconds.
struct ConnectionLifecycle: ~Copyable {
  enum State: Equatable {
    /// Nothing came yet but the connection; CONNECT must be complete by then.
    case awaitingConnect(deadline: Int64)
    /// CONNECT came; the session's former connection is ending on another event loop.
    case awaitingTakeOver
    case connected
    /// DISCONNECT came; what was acknowledged before it leaves first.
    case disconnecting
    case closed
  }

  enum ConnectAction: Equatable {
    case checkAndRegister
    /// A second CONNECT is a protocol error [MQTT-3.1.0-2].
    case refuseSecondConnect
    case ignore
  }

  enum PacketAction: Equatable {
    case handle
    /// The first packet must be CONNECT [MQTT-3.1.0-1].
    case refuseFirstPacket
    case ignore
  }

  enum TimeAction: Equatable {
    case doNothing
    case closeWithoutConnect
    case closeForKeepAlive
  }

  private(set) var state: State
  private var lastReceived: Int64
  /// 0 = no limit.
  private var keepAliveLimit: Int64 = 0

  init(openedAt now: Int64, connectTimeout: Int64) {
    state = .awaitingConnect(deadline: now &+ connectTimeout)
    lastReceived = now
  }

  @inline(__always)
  var isConnected: Bool {
    if case .connected = state { return true }
    return false
  }

  var isAwaitingConnect: Bool {
    if case .awaitingConnect = state { return true }
    return false
  }

  mutating func receivedConnect(at now: Int64) -> ConnectAction {
    lastReceived = now
    switch state {
    case .awaitingConnect: return .checkAndRegister
    case .awaitingTakeOver: return .refuseSecondConnect
    case .connected: return .refuseSecondConnect
    case .disconnecting, .closed: return .ignore
    }
  }

  @inline(__always)
  mutating func receivedPacket(at now: Int64) -> PacketAction {
    lastReceived = now
    switch state {
    case .connected: return .handle
    case .awaitingConnect: return .refuseFirstPacket
    // Reading is paused meanwhile.
    case .awaitingTakeOver: return .ignore
    case .disconnecting, .closed: return .ignore
    }
  }

  /// The peer took output that had waited, while nothing was read from it: as good as a packet.
  mutating func heard(at now: Int64) { lastReceived = now }

  /// CONNECT was in order and the former connection of the session is being ended elsewhere.
  mutating func beganTakeOver() { state = .awaitingTakeOver }

  /// The session is this connection's. `keepAlive` is in seconds, 0 for none.
  mutating func accepted(keepAlive: UInt16, at now: Int64) {
    state = .connected
    lastReceived = now
    // One and a half times the keep-alive [MQTT-3.1.2-22].
    keepAliveLimit = Int64(keepAlive) * 1_500
  }

  /// DISCONNECT came, and acknowledgements before it have not left yet.
  mutating func beganToDisconnect() { state = .disconnecting }

  /// True the first time: whatever must be undone is undone once.
  mutating func closed() -> Bool {
    defer { state = .closed }
    return state != .closed
  }

  func timePassed(to now: Int64) -> TimeAction {
    switch state {
    case .awaitingConnect(let deadline): return now >= deadline ? .closeWithoutConnect : .doNothing
    case .connected:
      return keepAliveLimit > 0 && now &- lastReceived > keepAliveLimit ? .closeForKeepAlive : .doNothing
    case .awaitingTakeOver, .disconnecting, .closed: return .doNothing
    }
  }
}
