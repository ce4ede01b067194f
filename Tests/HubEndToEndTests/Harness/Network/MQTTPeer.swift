import MQTTProtocol

/// A raw MQTT client: sends what it is told to, right or wrong, and reads packet by packet.
final class MQTTPeer {
  let socket: TCPConnection
  let version: ProtocolVersion
  private var unread: [UInt8] = []
  /// Messages that came while an acknowledgement was waited for.
  private var setAside: [PublishPacket] = []
  private var lastIdentifier: UInt16 = 0

  /// Opens the TCP connection; nothing is sent yet.
  init(port: UInt16, version: ProtocolVersion = .v5, receiveBuffer: Int32 = 0) throws {
    socket = try TCPConnection(port: port, receiveBuffer: receiveBuffer)
    self.version = version
  }

  /// Goes on with a connection that stands.
  init(socket: TCPConnection, version: ProtocolVersion = .v5) {
    self.socket = socket
    self.version = version
  }

  /// Opens the connection and has its CONNECT accepted.
  static func connected(
    _ port: UInt16, version: ProtocolVersion = .v5, _ name: String = "", keepAlive: UInt16 = 0, will: Will? = nil,
    properties: Properties = Properties(), receiveBuffer: Int32 = 0
  ) throws -> MQTTPeer {
    let peer = try MQTTPeer(port: port, version: version, receiveBuffer: receiveBuffer)
    let connack = try peer.connect(name, keepAlive: keepAlive, will: will, properties: properties)
    guard connack.reasonCode == .success else { throw HarnessError("CONNECT refused: \(connack.reasonCode)") }
    return peer
  }

  /// Opens the connection and goes on with the client's session, which is to outlive the connection; a new one where there
  /// is none, as `wasPresent` says.
  static func resumed(
    _ port: UInt16, version: ProtocolVersion = .v5, _ name: String, expiry: UInt32 = 3_600, will: Will? = nil
  ) throws -> (peer: MQTTPeer, wasPresent: Bool) {
    let peer = try MQTTPeer(port: port, version: version)
    let properties: Properties = version == .v5 ? [.sessionExpiryInterval(expiry)] : []
    let connack = try peer.connect(name, cleanStart: false, will: will, properties: properties)
    guard connack.reasonCode == .success else { throw HarnessError("CONNECT refused: \(connack.reasonCode)") }
    return (peer, connack.sessionPresent)
  }

  func connect(
    _ name: String = "", cleanStart: Bool = true, keepAlive: UInt16 = 0, will: Will? = nil,
    properties: Properties = Properties()
  ) throws -> ConnackPacket {
    send(
      .connect(
        ConnectPacket(
          version: version, cleanStart: cleanStart, keepAlive: keepAlive, clientIdentifier: name, will: will,
          properties: properties)))
    return try expect("CONNACK") { if case .connack(let connack) = $0 { connack } else { nil } }
  }

  // MARK: Packets

  func send(_ packet: ControlPacket) { socket.send(packet.encoded(version: version)) }

  /// The next packet; nil when the hub has closed the connection.
  func receive(within time: Duration = .seconds(10)) throws -> ControlPacket? {
    let deadline = Deadline(time)
    while true {
      if let packet = try nextPacket() { return packet }
      let bytes = try socket.receive(before: deadline)
      if bytes.isEmpty { return nil }
      unread += bytes
    }
  }

  private func nextPacket() throws -> ControlPacket? {
    var length = 0
    let packet: ControlPacket? = try unread.withUnsafeBytes { bytes in
      let limit = MQTTLimits.maximumRemainingLength + 5
      guard let header = try PacketFraming.readHeader(bytes, maximumPacketSize: limit),
        bytes.count >= header.packetLength
      else { return nil }
      length = header.packetLength
      let body = UnsafeRawBufferPointer(rebasing: bytes[header.length..<header.packetLength])
      return try ControlPacket.decode(header, body: body, version: version)
    }
    unread.removeFirst(length)
    return packet
  }

  /// The next packet, which must be the one that `match` accepts.
  func expect<Match>(
    _ what: String, within time: Duration = .seconds(10), _ match: (ControlPacket) -> Match?
  ) throws -> Match {
    guard let packet = try receive(within: time) else { throw HarnessError("closed instead of \(what)") }
    guard let found = match(packet) else { throw HarnessError("expected \(what), came \(packet)") }
    return found
  }

  // MARK: What clients do

  func nextIdentifier() -> UInt16 {
    lastIdentifier = lastIdentifier == .max ? 1 : lastIdentifier + 1
    return lastIdentifier
  }

  /// Subscribes to one filter and returns its reason code.
  @discardableResult
  func subscribe(_ filter: String, qos: QoS = .atLeastOnce) throws -> ReasonCode {
    let identifier = nextIdentifier()
    send(
      .subscribe(
        SubscribePacket(packetIdentifier: identifier, subscriptions: [Subscription(filter: filter, qos: qos)])))
    return try expect("SUBACK") {
      if case .suback(let suback) = $0, suback.packetIdentifier == identifier { suback.reasonCodes.first } else { nil }
    }
  }

  /// Publishes at QoS 1 and returns the acknowledgement's reason code.
  @discardableResult
  func publish(_ topic: String, _ payload: String, retain: Bool = false) throws -> ReasonCode {
    try publish(topic, Array(payload.utf8), retain: retain)
  }

  @discardableResult
  func publish(
    _ topic: String, _ payload: [UInt8], retain: Bool = false, properties: Properties = Properties()
  ) throws -> ReasonCode {
    let identifier = nextIdentifier()
    send(
      .publish(
        PublishPacket(
          topic: Array(topic.utf8), payload: payload, qos: .atLeastOnce, retain: retain,
          packetIdentifier: identifier, properties: properties)))
    while true {
      switch try receive() {
      case .puback(let puback) where puback.packetIdentifier == identifier: return puback.reasonCode
      case .publish(let publish): setAside.append(publish)
      case let other: throw HarnessError("expected PUBACK of \(topic), came \(String(describing: other))")
      }
    }
  }

  /// The next message, acknowledged where it asks for it.
  func message(within time: Duration = .seconds(10)) throws -> PublishPacket {
    let publish =
      try setAside.isEmpty
      ? expect("PUBLISH", within: time) { if case .publish(let publish) = $0 { publish } else { nil } }
      : setAside.removeFirst()
    if publish.qos == .atLeastOnce {
      send(.puback(AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)))
    }
    return publish
  }

  /// Everything that was sent before has been handled once this returns, and no message has come that was not taken.
  func ping() throws {
    guard setAside.isEmpty else { throw HarnessError("messages came that were not expected: \(setAside)") }
    send(.pingreq)
    _ = try expect("PINGRESP") { $0 == .pingresp ? true : nil }
  }

  /// How the hub ends the connection: the code of its DISCONNECT, nil where it just closes. Other packets are skipped.
  func closingReason(within time: Duration = .seconds(10)) throws -> ReasonCode? {
    var reason: ReasonCode?
    while let packet = try receive(within: time) {
      if case .disconnect(let disconnect) = packet { reason = disconnect.reasonCode }
    }
    return reason
  }
}

extension PublishPacket {
  var topicText: String { String(decoding: topic, as: UTF8.self) }
  var text: String { String(decoding: payload, as: UTF8.self) }
}
