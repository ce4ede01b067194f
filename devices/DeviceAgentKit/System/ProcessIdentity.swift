internal import Glibc

/// What this process is to the kernel.
enum ProcessIdentity {
  static var identifier: Int32 { getpid() }

  /// The machine's boot identifier; a random one where the kernel does not tell.
  static func bootIdentifier(_ files: SystemFiles) -> String {
    if let line = try? files.line("/proc/sys/kernel/random/boot_id"), !line.isEmpty, line.utf8.count <= 64,
      !line.contains(where: \.isWhitespace)
    {
      return line
    }
    return String(UInt64.random(in: .min ... .max), radix: 16)
  }
}
