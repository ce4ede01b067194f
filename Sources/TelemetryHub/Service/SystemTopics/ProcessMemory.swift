import Glibc

/// What this process takes of the machine's memory.
enum ProcessMemory {
  /// Bytes of resident anonymous memory: heap, stacks and writable data. nil where the kernel does not say.
  /// (proc(5), /proc/pid/status, RssAnon)
  static func residentAnonymousBytes() -> Int? {
    guard case .bytes(let status) = readFile("/proc/self/status", atMost: 16_384) else { return nil }
    return residentAnonymousBytes(inStatus: status)
  }

  /// From a line like `RssAnon:     1234 kB`.
  static func residentAnonymousBytes(inStatus status: [UInt8]) -> Int? {
    for line in status.split(separator: 0x0A) where line.starts(with: "RssAnon:".utf8) {
      let digits = line.drop { !isDigit($0) }.prefix(while: isDigit)
      guard let kibibytes = Int(String(decoding: digits, as: UTF8.self)), kibibytes <= .max / 1_024 else { return nil }
      return kibibytes * 1_024
    }
    return nil
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
