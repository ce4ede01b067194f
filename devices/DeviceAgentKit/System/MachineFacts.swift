/// What a machine tells about itself.
enum MachineFacts {
  /// Only what is known; an unknown fact is left out.
  static func read(_ files: SystemFiles) -> [String: JSONValue] {
    var facts: [String: JSONValue] = ["architecture": .string(architecture)]
    facts["model"] = firstLine(files, ["/proc/device-tree/model", "/sys/class/dmi/id/product_name"])
    facts["kernel"] = firstLine(files, ["/proc/sys/kernel/osrelease"])
    facts["os"] = operatingSystem(files)
    if let text = try? files.text("/proc/stat") {
      let count = text.split(separator: "\n").count { $0.hasPrefix("cpu") && !$0.hasPrefix("cpu ") }
      if count > 0 { facts["processors"] = .integer(Int64(count)) }
    }
    return facts
  }

  private static func firstLine(_ files: SystemFiles, _ paths: [String]) -> JSONValue? {
    for path in paths {
      if let line = try? files.line(path), !line.isEmpty { return .string(String(line.prefix(128))) }
    }
    return nil
  }

  private static func operatingSystem(_ files: SystemFiles) -> JSONValue? {
    guard let text = try? files.text("/etc/os-release") else { return nil }
    let key = "PRETTY_NAME="
    let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
    return line.map { .string(String($0.dropFirst(key.count).filter { $0 != "\"" }.prefix(128))) }
  }

  private static var architecture: String {
    #if arch(x86_64)
    "x86_64"
    #elseif arch(arm64)
    "arm64"
    #elseif arch(riscv64)
    "riscv64"
    #else
    "unknown"
    #endif
  }
}
