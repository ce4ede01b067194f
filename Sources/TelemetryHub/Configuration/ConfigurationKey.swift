/// One key of the configuration: its names, its default, what is allowed, and what it does.
///
/// Help, `check-config`, the reference in the documentation and the loader all read this one table.
struct ConfigurationKey: Sendable {
  let section: ConfigurationSection

  /// The name in the file's section: `maximum-packet-size`.
  let name: String

  /// What the key does, in one line without a full stop.
  let summary: String

  /// What is allowed, as the end of a sentence that begins "allowed: ".
  let allowed: String

  /// The placeholder in `--help`.
  let placeholder: String

  /// Reads a text into the configuration; `false` where the text is not allowed.
  let read: @Sendable (String, inout HubConfiguration) -> Bool

  /// The configuration's value as one would write it in a flag.
  let text: @Sendable (HubConfiguration) -> String

  /// The configuration's value as one would write it in the file.
  let tomlText: @Sendable (HubConfiguration) -> String

  /// The name in full: `mqtt.maximum-packet-size`.
  var path: String { "\(section.rawValue).\(name)" }

  /// The flag without its dashes: `mqtt-maximum-packet-size`.
  var flag: String { section.flagPrefix + name }

  /// The environment variable: `TELEMETRY_HUB_MQTT_MAXIMUM_PACKET_SIZE`.
  var environmentVariable: String {
    Self.environmentPrefix + String(flag.uppercased().map { $0 == "-" ? "_" : $0 })
  }

  static let environmentPrefix = "TELEMETRY_HUB_"

  private init<Value: ConfigurationValue>(
    _ section: ConfigurationSection, _ name: String,
    _ value: any WritableKeyPath<HubConfiguration, Value> & Sendable,
    allowed: String, isAllowed: @escaping @Sendable (Value) -> Bool, _ summary: String
  ) {
    self.section = section
    self.name = name
    self.summary = summary
    self.allowed = allowed
    self.placeholder = Value.placeholder
    self.read = { text, configuration in
      guard let read = Value(configurationText: text), isAllowed(read) else { return false }
      configuration[keyPath: value] = read
      return true
    }
    self.text = { $0[keyPath: value].configurationText }
    self.tomlText = { $0[keyPath: value].tomlText }
  }

  /// A key whose every readable value is allowed.
  init<Value: ConfigurationValue>(
    _ section: ConfigurationSection, _ name: String,
    _ value: any WritableKeyPath<HubConfiguration, Value> & Sendable, _ summary: String
  ) {
    self.init(section, name, value, allowed: Value.allowed, isAllowed: { _ in true }, summary)
  }

  /// A key whose value lies within `range`, ends included.
  init<Value: ConfigurationValue & Comparable>(
    _ section: ConfigurationSection, _ name: String,
    _ value: any WritableKeyPath<HubConfiguration, Value> & Sendable, _ range: ClosedRange<Value>, _ summary: String
  ) {
    let bounds = "\(range.lowerBound.configurationText) to \(range.upperBound.configurationText)"
    self.init(
      section, name, value, allowed: "\(Value.allowed), from \(bounds)", isAllowed: { range.contains($0) }, summary)
  }
}
