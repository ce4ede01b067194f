import Glibc
import NIOCore

/// A client's end of a real connection, blocking, for what an embedded channel does not have.
struct RawClient: ~Copyable {
  private let descriptor: CInt

  init(_ address: SocketAddress) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    // What hangs fails.
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    _ = address.withSockAddr { connect(descriptor, $0, socklen_t($1)) }
  }

  func send(_ bytes: [UInt8]) { _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

  /// What comes next, at most `count` bytes; empty at the end, nil where nothing came.
  func receive(_ count: Int = 64) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    let result = recv(descriptor, &bytes, count, 0)
    return result >= 0 || errno == ECONNRESET ? Array(bytes.prefix(max(0, result))) : nil
  }

  deinit { close(descriptor) }
}
