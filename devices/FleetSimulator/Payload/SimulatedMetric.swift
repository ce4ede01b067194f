/// A quantity that a simulated device measures.
enum SimulatedMetric: CaseIterable {
  /// Degrees Celsius.
  case temperature
  /// Percent of relative humidity.
  case humidity
  /// Hectopascal.
  case pressure

  var name: String {
    switch self {
    case .temperature: "temperature"
    case .humidity: "humidity"
    case .pressure: "pressure"
    }
  }

  /// How many digits stand after the point.
  var decimals: Int {
    switch self {
    case .temperature, .humidity: 2
    case .pressure: 1
    }
  }

  /// What it can be, in units of the last digit.
  ///
  /// Both ends have the same number of digits, so that every value fits the same place in a message.
  var range: ClosedRange<Int32> {
    switch self {
    case .temperature: 1_000...3_999
    case .humidity: 1_000...9_499
    case .pressure: 10_000...10_399
    }
  }

  var digits: Int { String(range.upperBound).utf8.count }
}
