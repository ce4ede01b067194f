/// Where a run and the specification part.
package struct SimulationFailure: Sendable, CustomStringConvertible {
  /// The clause, e.g. `[MQTT-4.3.3-2]`, or the limit.
  package let clause: String
  package let expected: String
  package let got: String
  /// Virtual milliseconds since the run began.
  package let time: Int64

  package var description: String { "at \(time) ms: \(clause): expected \(expected); got \(got)" }
}
