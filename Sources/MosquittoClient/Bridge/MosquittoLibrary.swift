internal import CMosquitto
internal import Glibc

/// The process-wide state of libmosquitto.
enum MosquittoLibrary {
  /// Initialises libmosquitto, once. It is never cleaned up: some thread might still be in it.
  static let initialized: Bool = {
    // It writes to sockets with write(2): a connection that the peer closed would otherwise end the process.
    signal(SIGPIPE, SIG_IGN)
    return mosquitto_lib_init() == Int32(MOSQ_ERR_SUCCESS.rawValue)
  }()
}
