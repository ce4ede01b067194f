/// A message to publish.
package struct AgentPublication: Sendable, Equatable {
  /// What it is, to know it again when it is acknowledged.
  package enum Kind: Sendable, Hashable {
    case telemetry(sequence: UInt64)
    case report(number: UInt64)
    case online
    case offline
    case attributes
    case commandRequest
  }

  package var kind: Kind
  package var topic: String
  package var payload: [UInt8]
  package var qos: Int
  package var retain = false
  package var correlationData: [UInt8]?

  package init(
    kind: Kind, topic: String, payload: [UInt8], qos: Int = 1, retain: Bool = false, correlationData: [UInt8]? = nil
  ) {
    self.kind = kind
    self.topic = topic
    self.payload = payload
    self.qos = qos
    self.retain = retain
    self.correlationData = correlationData
  }
}
