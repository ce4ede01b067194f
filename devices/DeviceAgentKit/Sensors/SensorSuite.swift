/// All sensors of an agent, read one after the other.
package struct SensorSuite {
  /// What one round of reading brought.
  package struct Round: Sendable, Equatable {
    /// Readings by the instant at which they were measured, oldest first.
    package var groups: [(unixMilliseconds: Int64, readings: [MetricReading])] = []
    /// Sensors whose status changed, with the reason why they failed; nil: they work again.
    package var changes: [(sensor: String, failure: String?)] = []

    package static func == (left: Self, right: Self) -> Bool {
      left.groups.elementsEqual(right.groups, by: ==) && left.changes.elementsEqual(right.changes, by: ==)
    }
  }

  private var sensors: [any Sensor]
  /// Why sensors fail, by their names.
  package private(set) var failures: [String: String] = [:]

  package init(_ sensors: [any Sensor] = []) { self.sensors = sensors }

  package mutating func add(_ sensor: any Sensor) { sensors.append(sensor) }

  package var metrics: [Metric] { sensors.flatMap(\.metrics) }

  /// The names of the sensors with what each measures.
  package var descriptions: [(name: String, metrics: [Metric])] { sensors.map { ($0.name, $0.metrics) } }

  /// Readings this close together share one instant, and so one message.
  private static let sameInstant: Int64 = 10

  /// Reads every sensor. One that fails costs only its own values.
  package mutating func read(clock: () -> Moment) -> Round {
    var round = Round()
    var groups: [Int64: [MetricReading]] = [:]
    var instant: Int64?
    for index in sensors.indices {
      let moment = clock()
      if let current = instant, abs(moment.unixMilliseconds &- current) < Self.sameInstant {
        // Still the same instant.
      } else {
        instant = moment.unixMilliseconds
      }
      let name = sensors[index].name
      var failure: String?
      do {
        for reading in try sensors[index].read(at: moment) {
          guard let valid = Self.valid(reading) else {
            failure = "\(reading.metric) is not a finite number"
            continue
          }
          groups[valid.unixMilliseconds ?? instant ?? moment.unixMilliseconds, default: []].append(valid)
        }
      } catch {
        failure = "\(error)"
      }
      if failures[name] != failure {
        failures[name] = failure
        round.changes.append((name, failure))
      }
    }
    round.groups = groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return round
  }

  /// The reading with a valid name and a text of allowed length; nil where the number is not finite.
  private static func valid(_ reading: MetricReading) -> MetricReading? {
    var reading = reading
    reading.metric = Metric.valid(reading.metric)
    switch reading.value {
    case .number(let value): return value.isFinite ? reading : nil
    case .text(let text) where text.utf8.count > AgentLimits.textValueBytes:
      var short = text.prefix(AgentLimits.textValueBytes)
      while short.utf8.count > AgentLimits.textValueBytes { short.removeLast() }
      reading.value = .text(String(short))
      return reading
    default: return reading
    }
  }
}
