import Glibc
import NIOCore

/// A bound, listening TCP socket, made by hand because several event loops accept from it in turn.
struct ListeningSocket: ~Copyable {
  private let descriptor: CInt
  let address: SocketAddress

  private init(descriptor: CInt, address: SocketAddress) {
    self.descriptor = descriptor
    self.address = address
  }

  /// Binds and listens. Throws `IOError` with the system's reason.
  static func open(_ address: SocketAddress, backlog: Int32) throws -> ListeningSocket {
    let family: CInt =
      switch address {
      case .v6: AF_INET6
      default: AF_INET
      }
    let descriptor = socket(
      family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
    do {
      // Connections inherit the last two: packets leave at once, and who is gone without a word is found out in the end,
      // also where its keep-alive is off.
      for (level, option) in [
        (SOL_SOCKET, SO_REUSEADDR), (Int32(IPPROTO_TCP), TCP_NODELAY), (SOL_SOCKET, SO_KEEPALIVE),
      ] {
        var on: CInt = 1
        setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<CInt>.size))
      }
      guard address.withSockAddr({ bind(descriptor, $0, socklen_t($1)) }) == 0 else {
        throw IOError(errnoCode: errno, reason: "bind")
      }
      guard listen(descriptor, backlog) == 0 else { throw IOError(errnoCode: errno, reason: "listen") }
      return ListeningSocket(descriptor: descriptor, address: try boundAddress(of: descriptor, asked: address))
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// Another descriptor of the same socket; it belongs to the caller.
  func duplicate() throws -> CInt {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { throw IOError(errnoCode: errno, reason: "dup") }
    return copy
  }

  /// The address with the port that the kernel chose where 0 was asked for.
  private static func boundAddress(of descriptor: CInt, asked: SocketAddress) throws -> SocketAddress {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard result == 0 else { throw IOError(errnoCode: errno, reason: "getsockname") }
    // The port stands at the same place in both families (RFC 3493).
    let port = withUnsafeBytes(of: &storage) { Int($0[2]) << 8 | Int($0[3]) }
    var address = asked
    address.port = port
    return address
  }
}
