import Glibc
import NIOCore

/// Why the hub could not start, with what to do.
enum HubStartError: Error, CustomStringConvertible {
  case cannotListen(door: String, flag: String, address: ListenAddress, reason: String)
  case cannotListenOnSocket(path: String, reason: String)

  static func cannotListen(
    _ door: String, flag: String, on address: ListenAddress, because error: any Error
  ) -> HubStartError {
    .cannotListen(door: door, flag: flag, address: address, reason: words(for: error))
  }

  var description: String {
    switch self {
    case .cannotListen(let door, let flag, let address, let reason):
      "cannot serve \(door) on \(address): \(reason); choose another address with \(flag) HOST:PORT"
    case .cannotListenOnSocket(let path, let reason):
      "cannot open the admin socket \(path): \(reason); choose another path with --http-admin-socket PATH, or off"
    }
  }

  static func words(for error: any Error) -> String {
    guard let error = error as? IOError else { return "\(error)" }
    switch error.errnoCode {
    case EADDRINUSE: return "another program listens there"
    case EACCES: return "this user may not listen there (ports below 1024 need a right)"
    case EADDRNOTAVAIL: return "this machine has no such address"
    default: return String(cString: strerror(error.errnoCode))
    }
  }
}
