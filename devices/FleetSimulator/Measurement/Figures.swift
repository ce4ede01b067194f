/// Numbers as a person reads them.
enum Figures {
  /// `1234567` as `1,234,567`.
  static func grouped(_ number: Int) -> String {
    var text = ""
    for (place, digit) in String(number.magnitude).reversed().enumerated() {
      if place > 0, place % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + String(text.reversed())
  }

  /// `number` with `decimals` digits behind the point.
  static func fixed(_ number: Double, decimals: Int) -> String {
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    guard let scaled = Int(exactly: (number.magnitude * Double(scale)).rounded()) else { return "\(number)" }
    let fraction = String(scaled % scale)
    let padding = String(repeating: "0", count: max(0, decimals - fraction.utf8.count))
    return (number < 0 ? "-" : "") + "\(scaled / scale)" + (decimals > 0 ? ".\(padding)\(fraction)" : "")
  }

  /// Nanoseconds as milliseconds with three decimals.
  static func milliseconds(_ nanoseconds: Int64) -> String { fixed(Double(nanoseconds) / 1e6, decimals: 3) }
}
