/// The environment this process was started with.
enum ProcessEnvironment {
  /// Every variable by its name; what is not `NAME=value` in UTF-8 is left out.
  ///
  /// Read from the kernel's copy: the C library's `environ` is a mutable global, which other threads may change.
  static func current() -> [String: String] {
    guard case .bytes(let bytes) = readFile("/proc/self/environ", atMost: 1 << 22) else { return [:] }
    return parse(bytes)
  }

  /// Reads entries ended by NUL. (proc(5), /proc/pid/environ)
  static func parse(_ bytes: [UInt8]) -> [String: String] {
    var variables: [String: String] = [:]
    for entry in bytes.split(separator: 0) {
      guard let text = String(validating: entry, as: UTF8.self), let equals = text.firstIndex(of: "=") else { continue }
      variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    return variables
  }
}
