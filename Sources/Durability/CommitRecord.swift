/// One thing that must last.
package enum CommitRecord: Sendable {
  /// A command's state, as its owner encoded it.
  case command(id: String, state: [UInt8])
  /// What happened to MQTT sessions and retained messages in one event, as the broker describes it: all of it is durable
  /// at once, or nothing.
  case broker(any BrokerRecords)
  /// A fact about a device, as its owner encoded it.
  case device(name: String, fact: [UInt8])
}

/// Changes of what the broker must remember, in order. How they are stored is a matter of the queue and its owner; the
/// memory implementation keeps nothing.
package protocol BrokerRecords: AnyObject, Sendable {
  /// What they count for while they wait for their commit.
  var byteCount: Int { get }
}
