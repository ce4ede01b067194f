import TimeSeriesStorage

/// Reads InfluxDB line protocol: `measurement,tag=v field=1.5,other="text",b=t 1700000000000000000`.
///
/// The device is the tag `device`, else `host`, else the measurement. A metric is the field's key, behind the
/// measurement and a dot where the device is not the measurement. (docs.influxdata.com, "Line protocol reference")
struct InfluxRowReader: RowReader {
  /// Names of tags that are remembered as ignored.
  private static let maximumIgnoredNames = 16

  private let options: InfluxOptions
  private var ignored: Set<String> = []

  init(_ options: InfluxOptions = InfluxOptions()) { self.options = options }

  var ignoredNames: [String] { ignored.sorted() }

  mutating func read(_ line: [UInt8], into rows: inout [TransferRow]) throws(RowFault) {
    var scanner = InfluxScanner(line)
    scanner.skipBlanks()
    guard !scanner.isAtEnd, scanner.peek != UInt8(ascii: "#") else { return }

    let measurement = try String(field: scanner.name(endedBy: [UInt8(ascii: ","), 0x20]), "the measurement")
    guard !measurement.isEmpty else { throw RowFault("no measurement") }
    let tags = try tags(&scanner)
    let named = device(of: tags)
    let device = named?.value ?? measurement
    var prefix = named == nil ? "" : measurement + "."
    for name in options.metricTags {
      if let tag = tags.last(where: { $0.name == name }) { prefix += tag.value + "." }
    }
    note(tags, device: named?.name)

    let fields = try fields(&scanner)
    let time = try time(&scanner)
    for field in fields {
      rows.append(TransferRow(time: time, device: device, metric: prefix + field.name, value: field.value))
    }
  }

  private typealias Tag = (name: String, value: String)

  private func tags(_ scanner: inout InfluxScanner) throws(RowFault) -> [Tag] {
    var tags: [Tag] = []
    while scanner.skip(UInt8(ascii: ",")) {
      let name = try String(
        field: scanner.name(endedBy: [UInt8(ascii: "="), UInt8(ascii: ","), 0x20]), "a tag's key")
      guard !name.isEmpty, scanner.skip(UInt8(ascii: "=")) else { throw RowFault("a tag without a key or a value") }
      let value = try String(
        field: scanner.name(endedBy: [UInt8(ascii: ","), UInt8(ascii: "="), 0x20]), "the tag \(name)")
      guard !value.isEmpty else { throw RowFault("the tag \(name.abbreviatedForMessage) has no value") }
      tags.append((name, value))
    }
    guard scanner.skip(0x20) else { throw RowFault("no fields") }
    scanner.skipBlanks()
    return tags
  }

  private func device(of tags: [Tag]) -> Tag? {
    for name in options.deviceTags {
      if let tag = tags.last(where: { $0.name == name }) { return tag }
    }
    return nil
  }

  private mutating func note(_ tags: [Tag], device: String?) {
    for tag in tags where tag.name != device && !options.metricTags.contains(tag.name) {
      if ignored.count < Self.maximumIgnoredNames { ignored.insert(tag.name) }
    }
  }

  private func fields(_ scanner: inout InfluxScanner) throws(RowFault) -> [(name: String, value: Value)] {
    var fields: [(name: String, value: Value)] = []
    repeat {
      let name = try String(
        field: scanner.name(endedBy: [UInt8(ascii: "="), UInt8(ascii: ","), 0x20]), "a field's key")
      guard !name.isEmpty, scanner.skip(UInt8(ascii: "=")) else { throw RowFault("a field without a key or a value") }
      if scanner.skip(UInt8(ascii: "\"")) {
        fields.append((name, .text(try String(field: scanner.quoted(), "the field \(name)"))))
      } else {
        let text = try String(field: scanner.word(), "the field \(name)")
        guard let value = Self.value(text) else {
          throw RowFault(
            "the field \(name.abbreviatedForMessage) is \(text.abbreviatedForMessage), "
              + "allowed is a number (1.5, 2i, 3u), t, f, true, false or a text in double quotes")
        }
        fields.append((name, value))
      }
    } while scanner.skip(UInt8(ascii: ","))
    guard scanner.isAtEnd || scanner.peek == 0x20 else { throw RowFault("text after a closing quote") }
    return fields
  }

  private static func value(_ text: String) -> Value? {
    switch text {
    case "t", "T", "true", "True", "TRUE": return .boolean(true)
    case "f", "F", "false", "False", "FALSE": return .boolean(false)
    default: break
    }
    switch text.utf8.last {
    case UInt8(ascii: "i"): return Int64(text.dropLast()).map { .number(Double($0)) }
    case UInt8(ascii: "u"): return UInt64(text.dropLast()).map { .number(Double($0)) }
    default: return NumberText.parseDecimal(text).map { .number($0) }
    }
  }

  /// Unix milliseconds; nil where the line has no time.
  private func time(_ scanner: inout InfluxScanner) throws(RowFault) -> Int64? {
    scanner.skipBlanks()
    guard !scanner.isAtEnd else { return nil }
    let text = try String(field: scanner.word(), "the time")
    scanner.skipBlanks()
    guard scanner.isAtEnd, let number = Int64(text), let time = options.precision.milliseconds(number) else {
      throw RowFault(
        "the time is \(text.abbreviatedForMessage), allowed is a whole number of \(options.precision.rawValue)")
    }
    return time
  }
}
