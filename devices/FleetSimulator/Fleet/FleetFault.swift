import Glibc
import NIOCore
import NIOPosix

/// What went wrong on connections, in words a person can act on.
enum FleetFault {
  static func explain(_ error: any Error) -> String {
    switch error {
    case let error as IOError: return text(ofCode: error.errnoCode)
    case ChannelError.connectTimeout: return "no answer to the connection attempt in time"
    case SocketAddressError.unknown(let host, _): return "cannot find the host \(host)"
    case let error as SocketAddressError.UnknownHost: return "cannot find the host \(error.host)"
    case let error as NIOConnectionError:
      return error.connectionErrors.first.map { explain($0.error) } ?? "cannot find the host \(error.host)"
    default: return "\(error)"
    }
  }

  private static func text(ofCode code: CInt) -> String {
    switch code {
    case ECONNREFUSED: return "connection refused: nothing listens there"
    case ECONNRESET: return "the hub reset the connection"
    case EPIPE: return "the hub closed the connection"
    case EADDRNOTAVAIL: return "no free local port left (see net.ipv4.ip_local_port_range)"
    case EMFILE: return "too many open files"
    default:
      var text = [CChar](repeating: 0, count: 128)
      guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
      return text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "error \(code)" }
    }
  }
}
