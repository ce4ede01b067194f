import Glibc

/// A Debian mosquitto on a free port, ended with its last owner.
final class MosquittoBroker {
  let port: UInt16
  private let directory: TestDirectory
  private var process: pid_t = 0

  /// - Parameter settings: lines for its configuration, below the listener.
  init(_ settings: String = "allow_anonymous true") throws {
    port = try Self.freePort()
    directory = TestDirectory()
    directory.write(
      "listener \(port) 127.0.0.1\nset_tcp_nodelay true\npersistence false\n\(settings)\n", to: "mosquitto.conf")
    try start()
  }

  deinit { kill() }

  struct Failure: Error {}

  static var isInstalled: Bool { access("/usr/sbin/mosquitto", X_OK) == 0 }

  /// Starts it, and returns when it listens.
  func start() throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for number in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0)
    }
    let words = ["/usr/sbin/mosquitto", "-c", directory.file("mosquitto.conf")]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    guard posix_spawn(&process, words[0], &actions, nil, &arguments, environ) == 0 else { throw Failure() }
    for _ in 0..<2000 {
      if connects() { return }
      // There is nothing to wait on but the listening itself.
      poll(nil, 0, 5)
    }
    throw Failure()
  }

  /// Ends it without a chance to say goodbye.
  func kill() {
    guard process > 0 else { return }
    Glibc.kill(process, SIGKILL)
    waitpid(process, nil, 0)
    process = 0
  }

  private func connects() -> Bool {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(number) }
    return Self.withAddress(port: port) { connect(number, $0, $1) } == 0
  }

  /// A port that nobody has.
  ///
  /// Mosquitto cannot say which one the kernel chose for it, so that the port is chosen before; of those that the kernel
  /// never gives away, else a connection of a test beside this one could have it by the time mosquitto listens.
  private static func freePort() throws -> UInt16 {
    for _ in 0..<1_000 {
      let port = UInt16.random(in: 10_000..<32_768)
      let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(number) }
      if withAddress(port: port, { bind(number, $0, $1) }) == 0 { return port }
    }
    throw Failure()
  }

  private static func withAddress<R>(port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }
}
