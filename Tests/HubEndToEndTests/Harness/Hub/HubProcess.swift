import DeviceAgentKit
import Glibc
import Testing

/// A running hub on ports that the kernel chose.
final class HubProcess: Sendable {
  let process: ChildProcess
  let mqttPort: UInt16
  let httpPort: UInt16
  /// Where it keeps what is durable.
  let directory: TemporaryDirectory

  /// At most so many run at once, whatever the number of tests.
  private static let permits = Monitor(4)

  /// Starts a hub and waits until it listens.
  ///
  /// - Parameters:
  ///   - directory: one that another hub has left, to go on with.
  ///   - launcher: a program and its first arguments, which are to become the hub.
  init(
    _ options: [String] = [], mqttPort: UInt16 = 0, directory: TemporaryDirectory? = nil, launcher: [String] = []
  ) throws {
    guard Self.permits.wait(within: .seconds(120), for: { $0 > 0 ? () : nil }) != nil else {
      throw HarnessError("too many hubs for too long")
    }
    Self.permits.withLock { $0 -= 1 }
    do {
      self.directory = try directory ?? TemporaryDirectory()
      let command =
        launcher + [Executables.hub] + Self.arguments(options, mqttPort: mqttPort, directory: self.directory)
      process = try ChildProcess(command[0], Array(command.dropFirst()))
      (self.mqttPort, httpPort) = try process.waitForErrorLine("where it listens", within: .seconds(20)) { line in
        guard line.contains("listening "), let mqtt = Self.port("mqtt", in: line),
          let http = Self.port("http", in: line)
        else { return nil }
        return (mqtt, http)
      }
    } catch {
      Self.permits.withLock { $0 += 1 }
      throw error
    }
  }

  static func arguments(
    _ options: [String], mqttPort: UInt16 = 0, directory: TemporaryDirectory
  ) -> [String] {
    [
      "serve", "--mqtt-listen", "127.0.0.1:\(mqttPort)", "--http-listen", "127.0.0.1:0", "--data-dir",
      directory.path,
    ] + options
  }

  deinit {
    process.kill()
    Self.permits.withLock { $0 += 1 }
  }

  private static func port(_ name: String, in line: Substring) -> UInt16? {
    line.split(separator: " ").first { $0.hasPrefix("\(name)=127.0.0.1:") }?.split(separator: ":").last
      .flatMap { UInt16($0) }
  }

  /// SIGTERM, and what is due then: an end within 2 s, exit code 0, nothing said of a fault.
  func stop(signal: Int32 = SIGTERM, sourceLocation: SourceLocation = #_sourceLocation) {
    process.send(signal: signal)
    do {
      let ending = try process.waitForEnd(within: .seconds(2))
      #expect(ending == .exit(0), "\(process.told)", sourceLocation: sourceLocation)
      for word in ["BUG:", "Fatal error", "Crash"] where process.errors.contains(word) {
        Issue.record("\(process.told)", sourceLocation: sourceLocation)
      }
    } catch {
      Issue.record(error, sourceLocation: sourceLocation)
    }
  }

  // MARK: Looking at it

  /// Bytes in memory now, from /proc.
  func residentBytes() throws -> Int { try status("VmRSS:") }

  /// The most bytes in memory since `resetPeak`.
  func peakResidentBytes() throws -> Int { try status("VmHWM:") }

  func resetPeak() throws {
    let descriptor = open("/proc/\(process.pid)/clear_refs", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw HarnessError("the hub is gone; \(process.told)") }
    defer { close(descriptor) }
    guard write(descriptor, "5", 1) == 1 else { throw HarnessError("cannot reset the peak of resident memory") }
  }

  private func status(_ name: String) throws -> Int {
    guard let file = fopen("/proc/\(process.pid)/status", "re") else {
      throw HarnessError("the hub is gone; \(process.told)")
    }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 8_192)
    let count = fread(&buffer, 1, buffer.count, file)
    let text = String(decoding: buffer[..<count], as: UTF8.self)
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
      let kibibytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Int($0) })
    else { throw HarnessError("no \(name) in its status") }
    return kibibytes * 1_024
  }
}

/// Runs a scenario with a hub of its own, and stops that hub in the way it must be stoppable.
func withHub(
  _ options: [String] = [], sourceLocation: SourceLocation = #_sourceLocation, _ scenario: (HubProcess) throws -> Void
) throws {
  let hub = try HubProcess(options)
  do {
    try scenario(hub)
  } catch {
    Issue.record(error, "\(hub.process.told)", sourceLocation: sourceLocation)
  }
  guard hub.process.isRunning else {
    Issue.record("the hub ended by itself; \(hub.process.told)", sourceLocation: sourceLocation)
    return
  }
  hub.stop(sourceLocation: sourceLocation)
}
