import MQTTProtocol

/// A raw MQTT client over WebSocket: sends frames as it is told to, reads frame by frame or packet by packet.
final class WebSocketClient {
  let socket: TCPConnection
  let version: ProtocolVersion
  /// The head of the hub's answer to the handshake.
  private(set) var answer = ""
  private var unread: [UInt8] = []
  /// MQTT's bytes out of binary frames.
  private var stream: [UInt8] = []
  /// Frames of other kinds that came while packets were waited for.
  private(set) var controlFrames: [WebSocketFrame] = []
  private var lastIdentifier: UInt16 = 0

  /// Opens the connection and asks for WebSocket; the answer may be anything.
  init(
    port: UInt16, version: ProtocolVersion = .v5, path: String = "/mqtt", headers: [String] = [],
    subprotocol: String? = "mqtt", receiveBuffer: Int32 = 0
  ) throws {
    socket = try TCPConnection(port: port, receiveBuffer: receiveBuffer)
    self.version = version
    var lines = [
      "GET \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Upgrade: websocket", "Connection: keep-alive, Upgrade",
      "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==",
    ]
    if let subprotocol { lines.append("Sec-WebSocket-Protocol: \(subprotocol)") }
    socket.send(((lines + headers + ["", ""]).joined(separator: "\r\n")).utf8)
    let deadline = Deadline(.seconds(10))
    while true {
      if let end = unread.firstRange(of: Array("\r\n\r\n".utf8)) {
        answer = String(decoding: unread[..<end.lowerBound], as: UTF8.self)
        unread.removeFirst(end.upperBound)
        return
      }
      let bytes = try socket.receive(before: deadline)
      if bytes.isEmpty { throw HarnessError("closed instead of an answer") }
      unread += bytes
    }
  }

  var isOpen: Bool { answer.hasPrefix("HTTP/1.1 101 ") }

  /// Opens the connection and has its CONNECT accepted.
  static func connected(
    _ hub: HubProcess, version: ProtocolVersion = .v5, _ name: String = "", keepAlive: UInt16 = 0, will: Will? = nil,
    receiveBuffer: Int32 = 0
  ) throws -> WebSocketClient {
    let client = try WebSocketClient(port: hub.webSocketPort, version: version, receiveBuffer: receiveBuffer)
    let connack = try client.connect(name, keepAlive: keepAlive, will: will)
    guard connack.reasonCode == .success else { throw HarnessError("CONNECT refused: \(connack.reasonCode)") }
    return client
  }

  func connect(_ name: String = "", keepAlive: UInt16 = 0, will: Will? = nil) throws -> ConnackPacket {
    guard isOpen else { throw HarnessError("no WebSocket: \(answer)") }
    send(.connect(ConnectPacket(version: version, keepAlive: keepAlive, clientIdentifier: name, will: will)))
    return try expect("CONNACK") { if case .connack(let connack) = $0 { connack } else { nil } }
  }

  // MARK: Frames and packets

  func send(_ frame: WebSocketFrame) { socket.send(frame.bytes) }

  /// One packet in one frame.
  func send(_ packet: ControlPacket) { send(.binary(packet.encoded(version: version))) }

  /// The next frame; nil when the hub has closed the connection.
  func receiveFrame(within time: Duration = .seconds(10)) throws -> WebSocketFrame? {
    let deadline = Deadline(time)
    while true {
      if let frame = try WebSocketFrame.take(from: &unread) { return frame }
      let bytes = try socket.receive(before: deadline)
      if bytes.isEmpty { return nil }
      unread += bytes
    }
  }

  /// The next packet; nil when the hub has said Close, or has closed.
  func receive(within time: Duration = .seconds(10)) throws -> ControlPacket? {
    while true {
      if let packet = try nextPacket() { return packet }
      guard let frame = try receiveFrame(within: time) else { return nil }
      if frame.opcode == 2 {
        stream += frame.payload
      } else {
        controlFrames.append(frame)
        if frame.opcode == 8 { return nil }
      }
    }
  }

  private func nextPacket() throws -> ControlPacket? {
    var length = 0
    let packet: ControlPacket? = try stream.withUnsafeBytes { bytes in
      guard let header = try PacketFraming.readHeader(bytes, maximumPacketSize: MQTTLimits.maximumPacketLength),
        bytes.count >= header.packetLength
      else { return nil }
      length = header.packetLength
      let body = UnsafeRawBufferPointer(rebasing: bytes[header.length..<header.packetLength])
      return try ControlPacket.decode(header, body: body, version: version)
    }
    stream.removeFirst(length)
    return packet
  }

  func expect<Match>(_ what: String, _ match: (ControlPacket) -> Match?) throws -> Match {
    guard let packet = try receive() else { throw HarnessError("closed instead of \(what)") }
    guard let found = match(packet) else { throw HarnessError("expected \(what), came \(packet)") }
    return found
  }

  /// How the hub ends the connection: the code of its DISCONNECT and of its Close. Other packets are skipped.
  func closing(within time: Duration = .seconds(10)) throws -> (reason: ReasonCode?, code: UInt16?) {
    var reason: ReasonCode?
    while let packet = try receive(within: time) {
      if case .disconnect(let disconnect) = packet { reason = disconnect.reasonCode }
    }
    guard let close = controlFrames.last, close.opcode == 8, close.payload.count >= 2 else { return (reason, nil) }
    return (reason, UInt16(close.payload[0]) << 8 | UInt16(close.payload[1]))
  }

  // MARK: What clients do

  func nextIdentifier() -> UInt16 {
    lastIdentifier = lastIdentifier == .max ? 1 : lastIdentifier + 1
    return lastIdentifier
  }

  func subscribe(_ filter: String, qos: QoS = .atLeastOnce) throws {
    let identifier = nextIdentifier()
    send(
      .subscribe(
        SubscribePacket(packetIdentifier: identifier, subscriptions: [Subscription(filter: filter, qos: qos)])))
    _ = try expect("SUBACK") { if case .suback = $0 { true } else { nil } }
  }

  /// A QoS 1 publish, without waiting for its acknowledgement.
  func sendPublish(_ topic: String, _ payload: [UInt8]) {
    send(
      .publish(
        PublishPacket(
          topic: Array(topic.utf8), payload: payload, qos: .atLeastOnce, packetIdentifier: nextIdentifier())))
  }

  func publish(_ topic: String, _ payload: String) throws {
    sendPublish(topic, Array(payload.utf8))
    _ = try expect("PUBACK") { if case .puback = $0 { true } else { nil } }
  }

  /// The next message, acknowledged where it asks for it.
  func message() throws -> PublishPacket {
    let publish = try expect("PUBLISH") { if case .publish(let publish) = $0 { publish } else { nil } }
    if publish.qos == .atLeastOnce {
      send(.puback(AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)))
    }
    return publish
  }

  func ping() throws {
    send(.pingreq)
    _ = try expect("PINGRESP") { $0 == .pingresp ? true : nil }
  }
}
