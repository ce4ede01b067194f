/// A span of time, written with its unit: `500ms`, `10s`, `5m`, `1h`, `7d`.
///
/// A number alone is refused, since no reader can know whether it means seconds or milliseconds.
extension Duration: ConfigurationValue {
  static var allowed: String { "a time with its unit (ms, s, m, h, d) such as 500ms, 10s, 5m" }
  static var placeholder: String { "TIME" }

  private static let units: [(name: String, milliseconds: Int)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
  ]

  init?(configurationText text: String) {
    guard let (count, unit) = splitNumber(text) else { return nil }
    guard let factor = Self.units.first(where: { $0.name == unit })?.milliseconds else { return nil }
    let (milliseconds, overflow) = count.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    self = .milliseconds(milliseconds)
  }

  /// The biggest unit that leaves no remainder; what is below a millisecond is not written.
  var configurationText: String {
    let milliseconds = components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    guard milliseconds > 0 else { return "0s" }
    for (name, size) in Self.units where milliseconds % Int64(size) == 0 {
      return "\(milliseconds / Int64(size))\(name)"
    }
    return "\(milliseconds)ms"
  }
}
