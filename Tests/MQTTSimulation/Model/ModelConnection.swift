import MQTTProtocol

/// One network connection as seen at the server's edge: what came in whole, and what was written.
final class ModelConnection {
  /// A publish of the client that is owed PUBACK or PUBREC.
  struct Owed {
    let packetIdentifier: UInt16
    let message: ModelMessage
    /// Its place in the message's acceptances; nil for a repeated QoS 2 publish.
    let acceptance: Int?
    let qos: QoS
  }

  struct OwedSuback {
    let packetIdentifier: UInt16
    var subscriptions: [ModelSubscription] = []
    /// Of an UNSUBSCRIBE: what it ends, filter by filter.
    var ended: [[ModelSubscription]] = []
    /// Of an UNSUBSCRIBE: whether there is something to end; nil where that is not certain.
    var exists: [Bool?] = []
    let isSubscribe: Bool
  }

  let id: Int
  let client: Int
  var version = ProtocolVersion.v3_1_1
  var connect: ConnectPacket?
  var connectedAt: Int64 = 0
  var session: ModelSession?
  var isAccepted = false
  /// The step of its CONNACK.
  var acceptedAt = 0
  var hasAnswered = false
  var isEnded: Bool { endedAt != nil }
  /// The step of its end.
  var endedAt: Int?
  /// DISCONNECT was written; nothing may follow.
  var hasSaidGoodbye: ReasonCode?
  var disconnect: DisconnectPacket?
  /// Another connection of the same client has sent its CONNECT.
  var isBeingTakenOver = false
  /// And that says Clean Start, so that the session ends with this connection.
  var isBeingDiscarded = false
  /// When the last whole packet came.
  var lastHeard: Int64 = 0
  /// Since when the server withholds reading.
  var fullSince: Int64?
  var keepAlive: UInt16 = 0
  /// Messages as the client sent them on this connection, in order.
  var sent: [ModelMessage] = []
  var received = 0
  var owed: [Owed] = []
  var owedSubacks: [OwedSuback] = []
  var owedPubcomps: [UInt16] = []
  var owedPings = 0
  var inboundAliases: [UInt16: String] = [:]
  var outboundAliases: [UInt16: String] = [:]
  /// Packet identifiers of PUBLISH packets written here whose exchange is open.
  var open: [UInt16] = []
  var window = Int.max
  var maximumPacketSize = Int.max
  var aliasMaximum: UInt16 = 0
  var lastRepeated = -1
  var will: ModelMessage?
  /// Whether what is written next follows a will of this connection that was seen before its end.
  var mustEndNow = false

  init(id: Int, client: Int) {
    self.id = id
    self.client = client
  }

  var name: String { "client \(client) on link \(id)" }
}
