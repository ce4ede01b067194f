/// One quantity that a sensor measures.
public struct Metric: Sendable, Equatable {
  /// Dots separate levels: `memory.available`.
  public var name: String
  /// A unit's symbol: `°C`, `%`, `B`, `s`; nil where there is none.
  public var unit: String?

  /// - Parameter name: characters that a metric must not have become `_`.
  public init(_ name: String, unit: String? = nil) {
    self.name = Metric.valid(name)
    self.unit = unit
  }

  /// Makes a metric's name of any text: runs of control characters, space, quotes and `/ * ? ,` become `_`.
  package static func valid(_ text: some StringProtocol) -> String {
    var name = ""
    var isReplacing = false
    for scalar in text.unicodeScalars {
      let isForbidden = scalar.value <= 0x20 || scalar.value == 0x7F || "\"'`/*?,".unicodeScalars.contains(scalar)
      if !isForbidden {
        guard name.utf8.count + UTF8.width(scalar) <= AgentLimits.metricNameBytes else { break }
        name.unicodeScalars.append(scalar)
      } else if !isReplacing, name.utf8.count < AgentLimits.metricNameBytes {
        name.append("_")
      }
      isReplacing = isForbidden
    }
    return name.isEmpty ? "_" : name
  }
}
