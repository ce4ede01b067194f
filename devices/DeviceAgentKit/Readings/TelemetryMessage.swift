/// Readings of one instant, as one message: `{"boot":"…","seq":17,"ts":…,"values":{…}}`.
package struct TelemetryMessage: Sendable, Equatable {
  /// The machine's boot identifier.
  package var boot: String
  /// Counts the messages of that boot; the hub stores none twice.
  package var sequence: UInt64
  /// When the values were measured.
  package var unixMilliseconds: Int64
  package var values: [MetricReading]

  package init(boot: String, sequence: UInt64, unixMilliseconds: Int64, values: [MetricReading]) {
    self.boot = boot
    self.sequence = sequence
    self.unixMilliseconds = unixMilliseconds
    self.values = values
  }

  package var payload: [UInt8] {
    var values: [String: JSONValue] = [:]
    for reading in self.values { values[reading.metric] = reading.value.json }
    var writer = JSONWriter()
    writer.write(members: [
      ("boot", .string(boot)),
      ("seq", Int64(exactly: sequence).map(JSONValue.integer) ?? .number(Double(sequence))),
      ("ts", .integer(unixMilliseconds)),
      ("values", .object(values)),
    ])
    return writer.bytes
  }
}
