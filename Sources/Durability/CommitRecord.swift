/// One thing that must last.
package enum CommitRecord: Sendable {
  /// A retained message: set, or cleared where the payload is empty.
  case retained(topic: [UInt8], payload: [UInt8], qos: UInt8, properties: [UInt8])
  /// A command's state, as its owner encoded it.
  case command(id: String, state: [UInt8])
  /// What happened to an MQTT session, as the broker describes it.
  case session(any SessionRecords)
  /// A fact about a device, as its owner encoded it.
  case device(name: String, fact: [UInt8])
}

/// A change of an MQTT session that outlives its connections. How it is stored is a matter of the queue and its owner;
/// the memory implementation keeps nothing.
package protocol SessionRecords: Sendable {
  /// Whose session it is.
  var clientIdentifier: String { get }
}
