internal import Glibc

/// Makes a board show which one it is: its activity light blinks for a while.
package struct Identification {
  private let files: SystemFiles
  /// The light's trigger to restore, and when.
  private var pending: (path: String, trigger: String, deadline: Duration)?

  package init(files: SystemFiles) { self.files = files }

  package var deadline: Duration? { pending?.deadline }

  /// Begins to blink, or goes on blinking.
  ///
  /// - Returns: the light's name; nil where there is none that this process may use.
  package mutating func begin(for time: Duration, at now: Duration) -> String? {
    if let running = pending {
      pending?.deadline = now + time
      return Self.light(running.path)
    }
    let directory = "/sys/class/leds"
    let names = files.names(in: directory)
    // A Raspberry Pi's lights first; then whatever is green, which is what boards call their activity.
    let candidates = ["ACT", "led0", "PWR", "led1"].filter(names.contains) + names.filter { $0.contains("green") }
    for name in candidates {
      let path = "\(directory)/\(name)/trigger"
      // "none rc-feedback [mmc0] timer": the one in brackets is in use.
      guard let line = try? files.line(path), let open = line.firstIndex(of: "["), let close = line.firstIndex(of: "]"),
        open < close, write("timer", path)
      else { continue }
      pending = (path, String(line[line.index(after: open)..<close]), now + time)
      return name
    }
    return nil
  }

  package mutating func tick(at now: Duration) {
    if let pending, now >= pending.deadline { restore() }
  }

  /// Gives the light back.
  package mutating func restore() {
    guard let pending else { return }
    _ = write(pending.trigger, pending.path)
    self.pending = nil
  }

  private func write(_ text: String, _ path: String) -> Bool {
    guard let file = try? FileDescriptor.open(files.path(path), O_WRONLY | O_TRUNC | O_NONBLOCK) else { return false }
    return (try? file.write(Array(text.utf8), path: path)) != nil
  }

  private static func light(_ path: String) -> String {
    String(path.split(separator: "/").dropLast().last ?? "")
  }
}
