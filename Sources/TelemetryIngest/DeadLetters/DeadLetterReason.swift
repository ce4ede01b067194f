/// Why a message could not be read: precise for its sender, and of one kind for counting.
package enum DeadLetterReason: Error, Sendable, Equatable {
  case invalidJSON(JSONFault)
  case payloadTooLarge(bytes: Int, limit: Int)
  case tooManyReadings(limit: Int)
  /// The message, or an element of its array, is no object.
  case expectedObject(atByte: Int)
  /// `ts` is neither a number nor an RFC 3339 time with zone.
  case invalidTimestamp(atByte: Int)
  /// A metric's own topic carries an object or array where one value belongs.
  case expectedBareValue(atByte: Int)
  /// A metric's own topic carries an object without `value`.
  case missingValue
  /// The topic's levels make no metric name of 1-128 bytes.
  case invalidMetricName
  case deviceRefused(IngestRefusal)
  /// A message that is no telemetry, e.g. a result or attributes; its reader says why it could not be read.
  case notUnderstood(String)

  /// What dead letters are counted by.
  package enum Kind: Sendable, CaseIterable {
    case invalidJSON
    case tooDeep
    case tooLarge
    case tooManyReadings
    case unexpectedShape
    case invalidTimestamp
    case invalidMetricName
    case deviceRefused

    /// The kind as a metric label: `invalid_json`.
    package var label: String {
      switch self {
      case .invalidJSON: "invalid_json"
      case .tooDeep: "too_deep"
      case .tooLarge: "too_large"
      case .tooManyReadings: "too_many_readings"
      case .unexpectedShape: "unexpected_shape"
      case .invalidTimestamp: "invalid_timestamp"
      case .invalidMetricName: "invalid_metric_name"
      case .deviceRefused: "device_refused"
      }
    }
  }

  package var kind: Kind {
    switch self {
    case .invalidJSON(let fault): fault.kind == .tooDeep ? .tooDeep : .invalidJSON
    case .payloadTooLarge: .tooLarge
    case .tooManyReadings: .tooManyReadings
    case .expectedObject, .expectedBareValue, .missingValue, .notUnderstood: .unexpectedShape
    case .invalidTimestamp: .invalidTimestamp
    case .invalidMetricName: .invalidMetricName
    case .deviceRefused: .deviceRefused
    }
  }
}

extension DeadLetterReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .invalidJSON(let fault): fault.description
    case .payloadTooLarge(let bytes, let limit): "payload too large: \(bytes) bytes, the limit is \(limit)"
    case .tooManyReadings(let limit): "too many readings in one message: the limit is \(limit)"
    case .expectedObject(let byte): "expected an object, or an array of objects, at byte \(byte)"
    case .invalidTimestamp(let byte):
      "invalid ts at byte \(byte): expected a number, or an RFC 3339 time with zone"
    case .expectedBareValue(let byte): "expected one bare value at byte \(byte)"
    case .missingValue: "expected a member \"value\""
    case .invalidMetricName: "invalid metric name in the topic: expected 1-128 bytes"
    case .deviceRefused(let refusal): refusal.description
    case .notUnderstood(let reason): reason
    }
  }
}
