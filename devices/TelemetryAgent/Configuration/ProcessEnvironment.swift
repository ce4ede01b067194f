/// The environment that this process was started with.
enum ProcessEnvironment {
  /// Every variable by its name; what is not UTF-8 is left out.
  ///
  /// From the kernel's copy: the C library's `environ` is a global that other threads may change.
  static func current() -> [String: String] {
    guard let text = try? LocalFile.bytes(at: "/proc/self/environ") else { return [:] }
    return parse(text)
  }

  /// Reads entries that end with NUL (proc(5), /proc/pid/environ).
  static func parse(_ bytes: [UInt8]) -> [String: String] {
    var variables: [String: String] = [:]
    for entry in bytes.split(separator: 0) {
      guard let text = String(validating: entry, as: UTF8.self), let end = text.firstIndex(of: "=") else { continue }
      variables[String(text[..<end])] = String(text[text.index(after: end)...])
    }
    return variables
  }
}
