/// Every bound of the broker, in one place; docs/configuration.md shows them with what happens at each.
package struct BrokerLimits: Sendable {
  /// Bytes of a whole control packet, both directions. Larger: DISCONNECT 0x95 and close.
  package var maximumPacketSize = 256 * 1024
  /// Milliseconds from accept to a complete CONNECT. Later: closed.
  package var connectTimeout: Int64 = 10_000
  /// Milliseconds for which a client may take no output, or send no further part of a packet. Then: closed.
  package var stallTimeout: Int64 = 60_000
  /// Seconds. A client that asks for more, or for none, is told this in MQTT 5 and held to what it asked in 3.1.1.
  package var maximumKeepAlive: UInt16 = 65_535
  /// Connections on all event loops. More: CONNACK 0x97 (3.1.1: 3).
  package var maximumConnections = 20_000
  /// Sessions, those without a connection included. One more that is to outlive its connection: CONNACK 0x97 (3.1.1: 3).
  package var maximumSessions = 100_000
  /// Seconds for which a session without a connection is kept; MQTT 5 is told where it asked for more, 3.1.1 gets this
  /// for Clean Session 0. 4,294,967,295: for ever.
  package var maximumSessionExpiry: UInt32 = 7 * 86_400
  /// Bytes of a client identifier. Longer: CONNACK 0x85 (3.1.1: 2).
  package var maximumClientIdentifierBytes = 256
  /// QoS 1 and 2 publishes a client may have unacknowledged (Receive Maximum). More: DISCONNECT 0x93.
  package var receiveMaximum: UInt16 = 1_024
  /// Topic aliases a client may set on its connection (Topic Alias Maximum). Greater: DISCONNECT 0x94.
  package var topicAliasMaximum: UInt16 = 16
  /// Topic aliases the hub sets towards one client, at most what the client grants. Further topics go by their names.
  package var maximumOutboundTopicAliases: UInt16 = 16
  /// QoS 1 and 2 messages the hub keeps unacknowledged to one client, at most the client's own Receive Maximum.
  package var maximumInflight: UInt16 = 1_024
  /// Exchanges that may be open with one client: besides what is in flight, QoS 2 messages of former connections that it
  /// received and did not complete. Beyond it nothing further is sent at QoS 1 and 2.
  package var maximumExchanges: Int { min(2 * Int(maximumInflight), 65_534) }
  /// QoS 1 and 2 messages that wait behind the in-flight window of one client. More: the newest is dropped, counted.
  package var sessionQueueMessages = 1_000
  /// Bytes of QoS 1 and 2 messages that are kept for one client, in flight or behind. More: the newest is dropped,
  /// counted.
  package var sessionQueueBytes = 4 * 1024 * 1024
  /// Bytes of unsent output of one connection. Beyond it QoS 0 is dropped and counted, QoS 1 and 2 wait in the session
  /// queue, and nothing more is read from that client.
  package var connectionOutputBytes = 1 * 1024 * 1024
  /// Bytes of session queues and unsent output of all connections together. Beyond it the biggest user loses first: the
  /// newest of its queue; its connection where that takes no output; its session where it leaves what is in flight
  /// unacknowledged for `stallTimeout`, or is away. Counted.
  package var totalOutputBytes = 64 * 1024 * 1024
  /// Bytes of packets of which only a part has come, of all connections together. Beyond it whoever has sent more than
  /// 4 KiB of one, and sends a further part, is disconnected: 0x97.
  package var totalInputBytes = 64 * 1024 * 1024
  /// Bytes of one client's answers and QoS 2 messages that wait for a commit. Beyond it nothing more is read from that
  /// client until some have left.
  package var heldBytes = 256 * 1024
  /// The same of all clients together: beyond it nothing more is read from whoever has any waiting.
  package var totalHeldBytes = 64 * 1024 * 1024
  /// Bytes of subscriptions, wills and topic aliases of all clients together. Beyond it SUBACK or CONNACK says 0x97
  /// (3.1.1: 0x80, 3).
  package var totalStateBytes = 64 * 1024 * 1024
  /// Topic filters of one client. More: SUBACK 0x97 (3.1.1: 0x80).
  package var maximumSubscriptionsPerClient = 1_000
  /// Levels of a topic or filter. More: PUBACK or CONNACK 0x90, SUBACK 0x8F (3.1.1: acknowledged and dropped, 2, 0x80).
  package var maximumTopicLevels = 200
  /// Retained messages. More: PUBACK 0x97, not retained and not delivered.
  package var maximumRetainedMessages = 100_000
  /// Bytes of retained topics, payloads and properties.
  package var maximumRetainedBytes = 64 * 1024 * 1024
  /// Retained topics that one event looks at for new subscriptions; each 512 bytes of a message take as long as one
  /// more. The rest has its turn in later events.
  package var retainedStepsPerEvent = 1_024
  /// Topics one event loop remembers with their routes. At the limit the table starts afresh: slower, never wrong.
  package var maximumInternedTopics = 65_536
  /// Places that remembered routes have in all, each a subscriber of a topic. Beyond it routes are found anew for each
  /// message.
  package var maximumCachedRouteTargets = 500_000
  /// Messages on their way to one event loop from the others. Beyond it they are dropped and counted.
  package var maximumMailboxMessages = 100_000
  /// Bytes of those.
  package var maximumMailboxBytes = 16 * 1024 * 1024
  /// Messages of other event loops that are delivered at once, each counted for each of its subscribers. The rest waits
  /// until the loop has looked at its sockets.
  package var deliveriesPerTurn = 50_000
  /// Bytes of a topic that is remembered; a longer one is looked at anew each time.
  package var maximumInternedTopicBytes = 512
  /// Whether a payload that is said to be UTF-8 (Payload Format Indicator) is looked at, and refused with 0x99 where it
  /// is not.
  package var validatesPayloadFormat = false

  package init() {}
}
