import TelemetryIngest
import TimeSeriesStorage

/// What ingest promises of any payload.
enum TelemetryProperties {
  static func check(_ payload: [UInt8], metricLevels: [UInt8]?) throws(FuzzFinding) {
    let tree = PlainJSONParser.parse(payload)
    let station = try TelemetryStation(metricLevels: metricLevels)
    let result = station.ingest(payload)
    try checkVerdict(result, on: tree)
    let stored = station.stored()
    if case .deadLetter = result { try expect(stored.isEmpty, "a dead letter left readings: \(stored)") }
    if let tree { try checkNumber(tree, metricLevels: metricLevels, stored) }

    // Keys are remembered from message to message, and must mean the same with that memory.
    try expect(station.ingest(payload) == result, "the second time it is not \(result)")
    let again = station.stored()
    try expect(
      again.mapValues { $0.map(\.value) } == stored.mapValues { $0.map(\.value) },
      "the second time it says \(again), not \(stored)")

    guard let tree else { return }
    let other = try TelemetryStation(metricLevels: metricLevels)
    let rewritten = tree.written()
    let second = other.ingest(rewritten)
    try expect(isSame(result, second), "\(text(payload)) is \(result), and \(text(rewritten)) is \(second)")
    let storedToo = other.stored()
    try expect(
      storedToo == stored, "\(text(payload)) says \(stored), and \(text(rewritten)) says \(storedToo)")
  }

  /// What is no JSON is never taken; what is JSON is never called something else.
  private static func checkVerdict(_ result: IngestResult, on tree: PlainJSON?) throws(FuzzFinding) {
    let isFlatEnough = (tree?.depth ?? 0) <= IngestLimits().maximumDepth
    switch result {
    case .accepted:
      try expect(tree != nil, "taken, and no JSON")
      try expect(isFlatEnough, "taken, and too deep")
    case .deadLetter(let reason):
      switch reason.kind {
      case .invalidJSON: try expect(tree == nil, "JSON, and refused as none: \(reason)")
      case .tooDeep: try expect(tree == nil || !isFlatEnough, "refused as too deep: \(reason)")
      default: break
      }
    }
  }

  /// A bare number is stored as the standard library reads it.
  private static func checkNumber(
    _ tree: PlainJSON, metricLevels: [UInt8]?, _ stored: [String: [Reading]]
  ) throws(FuzzFinding) {
    guard metricLevels != nil, case .number(let digits) = tree else { return }
    guard let value = Double(digits), value.isFinite else {
      try expect(stored.isEmpty, "\(digits) is beyond a double, and stored: \(stored)")
      return
    }
    for readings in stored.values {
      try expect(readings.map(\.value) == [.number(value)], "\(digits) is stored as \(readings)")
    }
  }

  /// Whether two messages that say the same met the same end; where in the text may differ.
  private static func isSame(_ left: IngestResult, _ right: IngestResult) -> Bool {
    switch (left, right) {
    case (.accepted, .accepted): left == right
    case (.deadLetter(let left), .deadLetter(let right)): left.kind == right.kind
    default: false
    }
  }

  private static func text(_ payload: [UInt8]) -> String { String(decoding: payload, as: UTF8.self) }
}
