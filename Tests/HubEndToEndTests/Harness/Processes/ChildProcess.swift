import Glibc

/// A program that was started, with what it has written so far. Killed, by its own pid, with its owner.
final class ChildProcess: Sendable {
  /// How a process ended.
  enum Ending: Equatable, Sendable {
    case exit(Int32)
    case signal(Int32)
  }

  private struct State: Sendable {
    var output: [UInt8] = []
    var errors: [UInt8] = []
    var openPipes = 2
    var ending: Ending?
  }

  /// One start at a time, and no other file opened meanwhile that is not closed on exec from its first moment: a child
  /// that inherited another one's pipe would keep it open.
  static let starting = Monitor(())

  let pid: pid_t
  private let name: String
  private let state = Monitor(State())

  /// - Parameters:
  ///   - program: a path, or a name that is looked up in PATH.
  ///   - environment: what is set beside the environment of the tests.
  ///   - input: the file for its standard input.
  init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], input: String = "/dev/null"
  ) throws {
    name = program.split(separator: "/").last.map(String.init) ?? program
    let (pid, outputEnd, errorsEnd) = try Self.starting.withLock { _ in
      let output = try Pipe()
      let errors = try Pipe()
      let pid = try Self.spawn(program, arguments, environment, input: input, output: output, errors: errors)
      return (pid, output.closingWriteEnd(), errors.closingWriteEnd())
    }
    self.pid = pid
    collect(from: outputEnd, into: \.output)
    collect(from: errorsEnd, into: \.errors)
    let state = self.state
    BackgroundThread.start {
      // Not reaped before the lock is held: a signal can then never reach another process with the same pid.
      var information = siginfo_t()
      while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) < 0, errno == EINTR {}
      state.withLock { state in
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        let signal = status & 0x7F
        state.ending = signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal)
      }
    }
  }

  deinit { kill() }

  /// What it wrote to standard output so far.
  var output: [UInt8] { state.withLock { $0.output } }

  /// What it wrote to standard error so far.
  var errors: String { state.withLock { String(decoding: $0.errors, as: UTF8.self) } }

  var isRunning: Bool { state.withLock { $0.ending == nil } }

  func send(signal: Int32) {
    state.withLock { state in
      if state.ending == nil { _ = Glibc.kill(pid, signal) }
    }
  }

  func kill() { send(signal: SIGKILL) }

  /// Waits for its end and for everything it wrote.
  func waitForEnd(within time: Duration) throws -> Ending {
    let ending = state.wait(within: time) { $0.openPipes == 0 ? $0.ending : nil }
    guard let ending else { throw HarnessError("\(name) did not end within \(time); \(told)") }
    return ending
  }

  /// Waits for a line on standard error that `match` accepts.
  func waitForErrorLine<Match>(_ what: String, within time: Duration, _ match: (Substring) -> Match?) throws -> Match {
    try waitForLine(what, \.errors, within: time, match)
  }

  /// Waits for a line on standard output that `match` accepts.
  func waitForLine<Match>(_ what: String, within time: Duration, _ match: (Substring) -> Match?) throws -> Match {
    try waitForLine(what, \.output, within: time, match)
  }

  private func waitForLine<Match>(
    _ what: String, _ stream: KeyPath<State, [UInt8]>, within time: Duration, _ match: (Substring) -> Match?
  ) throws -> Match {
    // nil in it: nothing more will come.
    let search: Match?? = state.wait(within: time) { state in
      let text = String(decoding: state[keyPath: stream], as: UTF8.self)
      // Only whole lines: the last one may still grow.
      for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
        if let found = match(line) { return .some(found) }
      }
      return state.openPipes == 0 ? .some(nil) : nil
    }
    if case .some(.some(let found)) = search { return found }
    throw HarnessError("\(name) did not say \(what) within \(time); \(told)")
  }

  /// What it said, for failure messages.
  var told: String {
    let errors = errors
    return "\(name) wrote: \(errors.isEmpty ? "nothing" : String(errors.suffix(4_000)))"
  }

  // MARK: Starting

  private func collect(from descriptor: Int32, into stream: any WritableKeyPath<State, [UInt8]> & Sendable) {
    let state = state
    BackgroundThread.start {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { break }
        state.withLock { $0[keyPath: stream] += buffer[..<count] }
      }
      close(descriptor)
      state.withLock { $0.openPipes -= 1 }
    }
  }

  private static func spawn(
    _ program: String, _ arguments: [String], _ added: [String: String], input: String, output: borrowing Pipe,
    errors: borrowing Pipe
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.writeEnd, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors.writeEnd, STDERR_FILENO)
    // The signals as a shell would leave them, whatever the test runner did to its own.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGPIPE)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGINT)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var argumentPointers = ([program] + arguments).map { strdup($0) } + [nil]
    var environmentPointers = environment(adding: added).map { strdup($0) } + [nil]
    defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
    var pid: pid_t = 0
    let code = posix_spawnp(&pid, program, &actions, &attributes, &argumentPointers, &environmentPointers)
    guard code == 0 else { throw HarnessError("cannot start \(program): \(String(cString: strerror(code)))") }
    return pid
  }

  /// The tests' own environment without settings of the programs under test.
  private static func environment(adding added: [String: String]) -> [String] {
    var lines: [String] = []
    var entry = environ
    while let text = entry.pointee {
      let line = String(cString: text)
      if !line.hasPrefix("TELEMETRY_"), !line.hasPrefix("NOTIFY_SOCKET="), !line.hasPrefix("JOURNAL_STREAM=") {
        lines.append(line)
      }
      entry += 1
    }
    return lines + added.map { "\($0.key)=\($0.value)" }
  }
}
