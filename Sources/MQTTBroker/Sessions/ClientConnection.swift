package import MQTTProtocol

/// One client's connection as its event loop's shard knows it. Used on that loop only.
package final class ClientConnection {
  package let slot: Int
  package let shardIndex: Int
  /// What its listener grants: publishes unacknowledged, and bytes of a packet.
  let receiveMaximum: UInt16
  let acceptedPacketSize: Int
  let output: any ConnectionOutput
  var lifecycle: ConnectionLifecycle

  /// What the client speaks; 3.1.1 until CONNECT says otherwise.
  package internal(set) var version = ProtocolVersion.v3_1_1
  package internal(set) var clientIdentifier = ""
  package internal(set) var principal = Principal.anonymous(clientIdentifier: "")
  package internal(set) var keepAlive: UInt16 = 0
  /// The session; nil before CONNECT was accepted, and after the end.
  var session: ClientSession?
  /// The claim to the client identifier, from CONNECT on.
  var claim: ClientClaim?
  /// What CONNECT asked for, until it is accepted.
  var request: SessionRequest?

  /// Reason strings are welcome (Request Problem Information, MQTT 5.0 §3.1.2.11.7).
  var wantsProblemInformation = false
  /// Largest packet the client takes; larger ones are dropped as if sent [MQTT-3.1.2-25].
  var maximumPacketSize = MQTTLimits.maximumPacketLength
  /// The Session Expiry Interval of CONNECT was 0, or absent: DISCONNECT may not raise it.
  var hadNoSessionExpiry = true
  /// QoS 1 and 2 publishes of this connection that are not acknowledged, for Receive Maximum.
  var unacknowledged = 0
  /// Whether its will is published at the end that DISCONNECT has asked for; nil before that.
  var publishesWillAtEnd: Bool?
  var needsFlush = false
  /// Whether it waits for its turn among those to whom retained messages are brought.
  var isAwaitingTurn = false
  /// Not read from, because CONNACK waits for another loop or a commit, or too much else does.
  var isPaused = false
  /// Not read from, because it published while the commit queue was full.
  var isAwaitingCommitRoom = false
  /// What its effects that wait for a commit count for.
  var heldBytes = 0
  /// `BrokerTime.monotonic` since which the socket takes no output.
  var fullSince: Int64?
  /// `BrokerTime.monotonic` at which the last part of a packet came whose rest has not come yet.
  package var partialPacketSince: Int64?

  /// The last topic published here: devices keep to one, which then needs no table and no check.
  var lastTopic: [UInt8] = []
  var lastEntry: TopicEntry?
  var lastMayPublish = false
  /// Topic aliases that the client set, by number.
  var inboundAliases = InboundTopicAliases()
  /// Topic aliases that the hub set.
  var outboundAliases = OutboundTopicAliases()

  /// The sink's own note on the client.
  package var note: AnyObject?

  init(
    slot: Int, shardIndex: Int, listener: ListenerLimits, output: any ConnectionOutput, openedAt now: Int64,
    connectTimeout: Int64
  ) {
    self.slot = slot
    self.shardIndex = shardIndex
    receiveMaximum = listener.receiveMaximum
    acceptedPacketSize = listener.maximumPacketSize
    self.output = output
    lifecycle = ConnectionLifecycle(openedAt: now, connectTimeout: connectTimeout)
  }

  /// Whether the next packet must be CONNECT.
  package var isAwaitingConnect: Bool { lifecycle.isAwaitingConnect }

  package var isConnected: Bool { lifecycle.isConnected }

  package var isClosed: Bool { lifecycle.state == .closed }
}

extension ClientConnection {
  /// The session's identity among subscribers, once connected.
  package var subscriberID: SubscriberID? { session?.subscriber.id }
}

/// What a CONNECT asks of the session.
struct SessionRequest {
  let cleanStart: Bool
  let expiryInterval: UInt32
  let window: UInt16
  let will: Will?
  let willBytes: Int
  var connack: ConnackPacket
}
