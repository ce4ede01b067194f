internal import CMosquitto
internal import Glibc

extension MosquittoClient {
  /// The socket to wait on; nil when there is none.
  package var fileDescriptor: Int32? {
    let descriptor = mosquitto_socket(handle.pointer)
    return descriptor >= 0 ? descriptor : nil
  }

  /// Whether output waits for the socket to take it.
  package var wantsWrite: Bool { mosquitto_want_write(handle.pointer) }

  /// Reads, writes and keeps the connection alive as far as it goes without waiting. Call it when the socket is ready,
  /// and at least every quarter of the keep-alive.
  package func process(readable: Bool, writable: Bool) {
    if readable { note(mosquitto_loop_read(handle.pointer, 1)) }
    if writable, isOpen { note(mosquitto_loop_write(handle.pointer, 1)) }
    if isOpen { note(mosquitto_loop_misc(handle.pointer)) }
  }

  /// Waits until the socket is ready or the time is over, then reads and writes.
  package func process(within timeout: Duration) {
    guard let descriptor = fileDescriptor else {
      inbox.connectionEnded(.connectionLost)
      return
    }
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN | (wantsWrite ? POLLOUT : 0)), revents: 0)
    let (seconds, attoseconds) = max(timeout, .zero).components
    let milliseconds = Int32(clamping: min(seconds, 3600) * 1000 + attoseconds / 1_000_000_000_000_000)
    let count = poll(&entry, 1, milliseconds)
    let ready = count > 0 ? Int32(entry.revents) : 0
    process(readable: ready & (POLLIN | POLLHUP | POLLERR) != 0, writable: ready & POLLOUT != 0)
  }

  /// Hands out what happened since the last call, oldest first.
  package func takeEvents() -> [MosquittoEvent] { inbox.takeAll() }

  /// libmosquitto reports most ends through its callback; a return code is the rest.
  private func note(_ code: Int32) {
    let savedErrno = errno
    guard code != Int32(MOSQ_ERR_SUCCESS.rawValue) else { return }
    inbox.connectionEnded(MosquittoError(disconnectReason: code, savedErrno: savedErrno) ?? .connectionLost)
  }
}
