/// A number of bytes, written `65536`, `64KiB` or `64kB`.
///
/// `KiB`, `MiB`, `GiB`, `TiB` count by 1024 and `kB`, `MB`, `GB`, `TB` by 1000 (IEC 80000-13); case does not matter.
struct ByteSize: Sendable, Equatable, Comparable {
  /// The number of bytes; never negative.
  let bytes: Int

  init(bytes: Int) {
    precondition(bytes >= 0, "BUG: a size below zero")
    self.bytes = bytes
  }

  static func kibibytes(_ count: Int) -> ByteSize { ByteSize(bytes: count << 10) }
  static func mebibytes(_ count: Int) -> ByteSize { ByteSize(bytes: count << 20) }
  static func gibibytes(_ count: Int) -> ByteSize { ByteSize(bytes: count << 30) }

  static func < (a: ByteSize, b: ByteSize) -> Bool { a.bytes < b.bytes }

  private static let units: [(name: String, bytes: Int)] = [
    ("", 1), ("b", 1), ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("tib", 1 << 40),
    ("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000),
  ]
}

extension ByteSize: ConfigurationValue {
  static var allowed: String { "a size in bytes, or with a unit such as 256KiB, 64MiB, 1GiB" }
  static var placeholder: String { "SIZE" }

  init?(configurationText text: String) {
    guard let (count, unit) = splitNumber(text) else { return nil }
    guard let factor = Self.units.first(where: { $0.name == unit.lowercased() })?.bytes else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    self.init(bytes: bytes)
  }

  var configurationText: String {
    for (name, size) in [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
    where bytes >= size && bytes % size == 0 {
      return "\(bytes / size)\(name)"
    }
    return "\(bytes)"
  }
}

/// Splits `64 MiB` into 64 and `MiB`; `nil` where the text does not begin with a digit or the number overflows.
func splitNumber(_ text: String) -> (number: Int, unit: Substring)? {
  let digits = text.prefix { $0.isASCII && $0.isNumber }
  guard !digits.isEmpty, let number = Int(digits) else { return nil }
  return (number, text.dropFirst(digits.count).drop { $0 == " " })
}
