import ArgumentParser
import Glibc

/// Where the server is.
struct ServerOptions: ParsableArguments {
  @Option(help: "The server's host, an IPv4 address.")
  var host = "127.0.0.1"

  @Option(help: "The server's port.")
  var port: UInt16 = 1883

  /// The address, after making room for that many connections.
  func address(connections: Int) throws -> ServerAddress {
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      limit.rlim_cur = limit.rlim_max
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      let files = UInt64(connections) + 16
      guard limit.rlim_cur >= files else {
        throw LoadFailure("\(files) open files are needed, \(limit.rlim_cur) are allowed; raise ulimit -Hn")
      }
    }
    return try ServerAddress(host: host, port: port)
  }

  /// Runs a load; what keeps it from being measured goes to the standard error, with exit code 1.
  static func run(_ load: () throws -> Void) throws {
    do { try load() } catch let failure as LoadFailure {
      StandardError.say("mqtt-load: \(failure)")
      throw ExitCode(1)
    }
  }
}
