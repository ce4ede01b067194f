package import MQTTProtocol

/// One client's connection as its event loop's shard knows it. Used on that loop only.
package final class ClientConnection {
  package let slot: Int
  package let shardIndex: Int
  let output: any ConnectionOutput
  var lifecycle: ConnectionLifecycle

  /// What the client speaks; 3.1.1 until CONNECT says otherwise.
  package internal(set) var version = ProtocolVersion.v3_1_1
  package internal(set) var clientIdentifier = ""
  package internal(set) var principal = Principal.anonymous(clientIdentifier: "")
  package internal(set) var keepAlive: UInt16 = 0
  /// In the registry and the subscription tree; nil before CONNECT was accepted.
  package internal(set) var subscriber: Subscriber?

  /// Reason strings are welcome (Request Problem Information, MQTT 5.0 §3.1.2.11.7).
  var wantsProblemInformation = false
  var will: Will?
  /// What the will counts for in the total of all clients, until the connection ends.
  var willBytes = 0
  var connack: ConnackPacket?
  /// Largest packet the client takes; larger ones are dropped as if sent [MQTT-3.1.2-25].
  var maximumPacketSize = MQTTLimits.maximumPacketLength
  var inbound = InboundFlow()
  var outbound = OutboundFlow(window: 0)
  /// By filter with `me` rewritten.
  var subscriptions: [[UInt8]: SubscriptionEntry] = [:]
  /// Bytes of this client's queue in the total of all clients.
  var accountedBytes = 0
  var needsFlush = false
  /// `BrokerTime.monotonic` since which the socket takes no output.
  var fullSince: Int64?
  /// `BrokerTime.monotonic` at which the last part of a packet came whose rest has not come yet.
  package var partialPacketSince: Int64?

  /// The last topic published here: devices keep to one, which then needs no table and no check.
  var lastTopic: [UInt8] = []
  var lastEntry: TopicEntry?
  var lastMayPublish = false

  /// The sink's own note on the client.
  package var note: AnyObject?

  init(
    slot: Int, shardIndex: Int, output: any ConnectionOutput, openedAt now: Int64, connectTimeout: Int64
  ) {
    self.slot = slot
    self.shardIndex = shardIndex
    self.output = output
    lifecycle = ConnectionLifecycle(openedAt: now, connectTimeout: connectTimeout)
  }

  /// Whether the next packet must be CONNECT.
  package var isAwaitingConnect: Bool { lifecycle.isAwaitingConnect }

  package var isConnected: Bool { lifecycle.state == .connected }

  package var isClosed: Bool { lifecycle.state == .closed }
}

extension ClientConnection {
  /// The client's identity among subscribers, once connected.
  package var subscriberID: SubscriberID? { subscriber?.id }
}
