internal import CMosquitto
internal import Glibc

/// One MQTT connection by libmosquitto, driven by its owner's thread.
///
/// Nothing happens in the background: the owner waits until `fileDescriptor` is ready (or calls `process`), and takes
/// what happened with `takeEvents()`. There is no reconnecting here either; a client is made for one connection.
/// The first client of a process makes the process ignore SIGPIPE.
package final class MosquittoClient: Sendable {
  let handle: MosquittoHandle
  let inbox: MosquittoInbox
  package let options: MosquittoConnectOptions

  /// Makes a client; nothing is sent yet.
  ///
  /// - Throws: `MosquittoError.invalidArgument` for a client identifier, user name or will that MQTT does not allow.
  package init(_ options: MosquittoConnectOptions) throws(MosquittoError) {
    guard MosquittoLibrary.initialized else { throw .library(code: Int32(MOSQ_ERR_UNKNOWN.rawValue)) }
    let inbox = MosquittoInbox()
    let userdata = Unmanaged.passUnretained(inbox).toOpaque()
    guard let pointer = mosquitto_new(options.clientIdentifier, options.cleanStart, userdata) else {
      throw errno == ENOMEM
        ? .system(code: ENOMEM) : .invalidArgument("client identifier \"\(options.clientIdentifier)\"")
    }
    self.options = options
    self.inbox = inbox
    self.handle = MosquittoHandle(pointer: pointer)
    MosquittoCallbacks.install(on: pointer)
    try configure()
  }

  deinit {
    // Frees the socket too. The inbox, which the callbacks point at, is released after this.
    mosquitto_destroy(handle.pointer)
  }

  private func configure() throws(MosquittoError) {
    let pointer = handle.pointer
    try check(
      mosquitto_int_option(pointer, MOSQ_OPT_PROTOCOL_VERSION, options.protocolVersion.rawValue), "protocol version")
    // Without it a small publish waits for the acknowledgement of the one before (Nagle, up to 40 ms).
    try check(mosquitto_int_option(pointer, MOSQ_OPT_TCP_NODELAY, 1), "TCP_NODELAY")
    if options.maximumInFlight > 0 {
      try check(
        mosquitto_int_option(pointer, MOSQ_OPT_SEND_MAXIMUM, Int32(options.maximumInFlight)), "in-flight maximum")
    }
    if let userName = options.userName {
      try check(mosquitto_username_pw_set(pointer, userName, options.password), "user name or password")
    }
    if let will = options.will {
      let code = will.payload.withUnsafeBytes {
        mosquitto_will_set(
          pointer, will.topic, Int32(clamping: $0.count), $0.baseAddress, will.qos.rawValue, will.retain)
      }
      try check(code, "will on topic \"\(will.topic)\"")
    }
  }

  /// Turns libmosquitto's return code into an error; call it right after the call that returned it.
  func check(_ code: Int32, _ what: @autoclosure () -> String) throws(MosquittoError) {
    guard code != Int32(MOSQ_ERR_SUCCESS.rawValue) else { return }
    let savedErrno = errno
    if let error = MosquittoError(code: code, savedErrno: savedErrno, what: what()) { throw error }
  }
}
