extension MosquittoClient {
  /// Drives the connection until an event comes that `match` accepts. Other events wait for their own turn.
  ///
  /// - Throws: `timedOut` naming `what`; the connection's end, where that comes first.
  package func next<Match>(
    _ what: String, within timeout: Duration = .seconds(5), _ match: (MosquittoEvent) -> Match?
  ) throws(MosquittoError) -> Match {
    let deadline = ContinuousClock.now + timeout
    while true {
      if let found = inbox.takeFirst(match) { return found }
      if !isOpen { throw inbox.takeFirst(Self.endOfConnection) ?? .notConnected }
      let remaining = ContinuousClock.now.duration(to: deadline)
      guard remaining > .zero else { throw .timedOut(waitingFor: what) }
      process(within: min(remaining, .seconds(1)))
    }
  }

  /// Connects and waits for the CONNACK.
  ///
  /// - Returns: whether the server had a session of this client.
  /// - Throws: `refused` with the server's reason code.
  @discardableResult
  package func connectAndWait(within timeout: Duration = .seconds(5)) throws(MosquittoError) -> Bool {
    try connect()
    return try next("CONNACK", within: timeout) { if case .connected(let present) = $0 { present } else { nil } }
  }

  /// Publishes and waits until it is finished.
  ///
  /// - Returns: the reason code of the acknowledgement; success at QoS 0.
  @discardableResult
  package func publishAndWait(
    _ message: MosquittoMessage, within timeout: Duration = .seconds(5)
  ) throws(MosquittoError) -> MosquittoReasonCode {
    let id = try publish(message)
    return try next("the acknowledgement of a publish", within: timeout) {
      if case .published(id, let code) = $0 { code } else { nil }
    }
  }

  /// Subscribes and waits for the SUBACK.
  ///
  /// - Returns: the granted QoS as its code, or the refusal.
  @discardableResult
  package func subscribeAndWait(
    to filter: String, qos: MosquittoQoS, within timeout: Duration = .seconds(5)
  ) throws(MosquittoError) -> MosquittoReasonCode {
    let id = try subscribe(to: filter, qos: qos)
    return try next("SUBACK", within: timeout) {
      if case .subscribed(id, let codes) = $0 { codes.first } else { nil }
    }
  }

  /// Waits for the next application message.
  package func nextMessage(within timeout: Duration = .seconds(5)) throws(MosquittoError) -> MosquittoMessage {
    try next("a message", within: timeout) { if case .message(let message) = $0 { message } else { nil } }
  }

  /// Sends DISCONNECT and drives the connection until it is gone.
  package func disconnectAndWait(within timeout: Duration = .seconds(1)) {
    disconnect()
    _ = try? next("the end of the connection", within: timeout) { if case .disconnected = $0 { true } else { nil } }
  }

  private static func endOfConnection(_ event: MosquittoEvent) -> MosquittoError? {
    switch event {
    case .refused(let code): .refused(code)
    case .disconnected(let error): error ?? .notConnected
    default: nil
    }
  }
}
