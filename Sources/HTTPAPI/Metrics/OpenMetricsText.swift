/// Writes metric families as OpenMetrics text (version 1.0.0).
enum OpenMetricsText {
  /// Families of one name are written once: the first one's.
  static func write(_ families: [MetricFamily]) -> String {
    var bytes: [UInt8] = []
    var written: Set<String> = []
    for family in families where written.insert(family.name).inserted {
      bytes.append(contentsOf: "# HELP \(family.name) ".utf8)
      appendEscaped(family.help, to: &bytes)
      bytes.append(contentsOf: "\n# TYPE \(family.name) \(family.kind.rawValue)\n".utf8)
      for sample in family.samples { append(sample, of: family, to: &bytes) }
    }
    bytes.append(contentsOf: "# EOF\n".utf8)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func append(_ sample: MetricFamily.Sample, of family: MetricFamily, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: family.name.utf8)
    if family.kind == .counter { bytes.append(contentsOf: "_total".utf8) }
    if !sample.labels.isEmpty {
      bytes.append(UInt8(ascii: "{"))
      for (index, label) in sample.labels.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: label.name.utf8)
        bytes.append(contentsOf: "=\"".utf8)
        appendEscaped(label.value, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
      }
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(UInt8(ascii: " "))
    if sample.value.isFinite {
      DecimalText.append(sample.value, to: &bytes)
    } else {
      bytes.append(contentsOf: (sample.value.isNaN ? "NaN" : sample.value < 0 ? "-Inf" : "+Inf").utf8)
    }
    bytes.append(0x0A)
  }

  private static func appendEscaped(_ text: String, to bytes: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"), UInt8(ascii: "\""): bytes += [UInt8(ascii: "\\"), byte]
      case 0x0A: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      default: bytes.append(byte)
      }
    }
  }
}
