internal import CMosquitto

extension MosquittoClient {
  /// Opens the TCP connection and sends CONNECT. Blocks while the name is resolved and the connection made, which the
  /// kernel may try for two minutes: call it from a thread that may wait. The answer comes as an event.
  package func connect() throws(MosquittoError) {
    var list = MosquittoPropertyList()
    if options.protocolVersion == .v5, let expiry = options.sessionExpiry {
      try list.add(Int32(MQTT_PROP_SESSION_EXPIRY_INTERVAL.rawValue), integer: expiry)
    }
    // Before the call: the callback of an early end must find it open.
    inbox.connectionOpened()
    let code = mosquitto_connect_bind_v5(
      handle.pointer, options.host, Int32(options.port), Int32(options.keepAlive), nil, list.head)
    try check(code, options.host)
  }

  /// Begins to connect and returns at once. The socket becomes writable when the connection stands, CONNECT is sent then,
  /// and the answer or the failure comes as an event.
  ///
  /// - Throws: at once where there is no way to the host; `invalidArgument` where the host is a name, since resolving one
  ///   would block, and where the options hold what only `connect` can send.
  package func beginConnecting() throws(MosquittoError) {
    guard NumericAddress.isValid(options.host) else { throw .invalidArgument("a host that is not an address") }
    guard options.sessionExpiry == nil else {
      throw .invalidArgument("a session expiry in a connection not waited for")
    }
    inbox.connectionOpened()
    let code = mosquitto_connect_bind_async(
      handle.pointer, options.host, Int32(options.port), Int32(options.keepAlive), nil)
    // Pending is what is hoped for.
    if code == Int32(MOSQ_ERR_CONN_PENDING.rawValue) { return }
    try check(code, options.host)
  }

  /// Sends DISCONNECT; the will is not published. The end comes as `disconnected(nil)`.
  ///
  /// - Parameter withWill: asks the server to publish the will all the same (MQTT 5, reason 0x04).
  package func disconnect(withWill: Bool = false) {
    let reason = withWill ? Int32(MQTT_RC_DISCONNECT_WITH_WILL_MSG.rawValue) : 0
    // The only failures say that there is no connection, which is what was asked for.
    _ = mosquitto_disconnect_v5(handle.pointer, options.protocolVersion == .v5 ? reason : 0, nil)
  }

  /// Whether the connection stands, as far as this side knows.
  package var isOpen: Bool { inbox.isOpen }
}
