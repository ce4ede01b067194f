/// How many dead letters there were, by kind.
package struct DeadLetterCounts: Sendable, Equatable {
  // Fields, not an array: a pipeline sets them to nothing at every flush, and must not allocate.
  private var invalidJSON: UInt64 = 0
  private var tooDeep: UInt64 = 0
  private var tooLarge: UInt64 = 0
  private var tooManyReadings: UInt64 = 0
  private var unexpectedShape: UInt64 = 0
  private var invalidTimestamp: UInt64 = 0
  private var invalidMetricName: UInt64 = 0
  private var deviceRefused: UInt64 = 0

  package init() {}

  /// All kinds together.
  package var total: UInt64 { DeadLetterReason.Kind.allCases.reduce(0) { $0 &+ self[$1] } }

  /// Adds `other` to these.
  mutating func add(_ other: DeadLetterCounts) {
    invalidJSON &+= other.invalidJSON
    tooDeep &+= other.tooDeep
    tooLarge &+= other.tooLarge
    tooManyReadings &+= other.tooManyReadings
    unexpectedShape &+= other.unexpectedShape
    invalidTimestamp &+= other.invalidTimestamp
    invalidMetricName &+= other.invalidMetricName
    deviceRefused &+= other.deviceRefused
  }

  package subscript(kind: DeadLetterReason.Kind) -> UInt64 {
    get { self[keyPath: Self.field(kind)] }
    set { self[keyPath: Self.field(kind)] = newValue }
  }

  private static func field(_ kind: DeadLetterReason.Kind) -> WritableKeyPath<Self, UInt64> {
    switch kind {
    case .invalidJSON: \.invalidJSON
    case .tooDeep: \.tooDeep
    case .tooLarge: \.tooLarge
    case .tooManyReadings: \.tooManyReadings
    case .unexpectedShape: \.unexpectedShape
    case .invalidTimestamp: \.invalidTimestamp
    case .invalidMetricName: \.invalidMetricName
    case .deviceRefused: \.deviceRefused
    }
  }
}
