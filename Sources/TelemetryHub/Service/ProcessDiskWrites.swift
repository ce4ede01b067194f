/// What this process had the kernel write to disks (proc(5), /proc/pid/io, write_bytes).
enum ProcessDiskWrites {
  /// 0 where the kernel does not say.
  static func bytes() -> Int {
    guard case .bytes(let text) = readFile("/proc/self/io", atMost: 4_096) else { return 0 }
    let key = "write_bytes: "
    return String(decoding: text, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(key) }
      .flatMap { Int($0.dropFirst(key.count)) } ?? 0
  }
}
