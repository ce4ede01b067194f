/// One thing that must last.
package enum CommitRecord: Sendable {
  /// Readings as their store packed them.
  case readings(any ReadingRecords)
  /// A retained message: set, or cleared where the payload is empty.
  case retained(topic: [UInt8], payload: [UInt8], qos: UInt8, properties: [UInt8])
  /// A command's state, as its owner encoded it.
  case command(id: String, state: [UInt8])
  /// What happened to an MQTT session, as the broker describes it.
  case session(any SessionRecords)
  /// A fact about a device, as its owner encoded it.
  case device(name: String, fact: [UInt8])
}

/// Readings with integers for names, as they stand in a batch. Which series an integer means is a record of its own
/// in a durable queue; the memory implementation keeps neither.
package protocol ReadingRecords: Sendable {
  /// How many readings there are.
  var count: Int { get }
}

/// A change of an MQTT session that outlives its connections. How it is stored is a matter of the queue and its owner;
/// the memory implementation keeps nothing.
package protocol SessionRecords: Sendable {
  /// Whose session it is.
  var clientIdentifier: String { get }
}
