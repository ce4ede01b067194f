import MQTTBroker
import MQTTProtocol
import Testing

/// A client of `VirtualHub`: what it sends is handled before the call returns.
final class VirtualClient {
  let version: ProtocolVersion
  private let hub: VirtualHub
  private let shard: BrokerShard
  private let output = VirtualOutput()
  private let connection: ClientConnection
  private var takenConnack: ConnackPacket?
  private var lastPacketIdentifier: UInt16 = 0
  private var isLost = false

  init(_ hub: VirtualHub, version: ProtocolVersion, shard index: Int) {
    self.hub = hub
    self.version = version
    shard = hub.shards[index]
    connection = shard.opened(output: output, at: hub.time)
  }

  /// The answer to CONNECT; nil where none has come. Others leave it where it is.
  var connack: ConnackPacket? { takenConnack ?? output.packets.lazy.compactMap(\.connack).first }

  /// Whether the server has ended the connection.
  var isClosed: Bool { output.isClosed }

  /// Packets in one read.
  func send(_ packets: ControlPacket...) {
    for packet in packets { give(packet) }
    shard.endedRead(at: hub.time)
    hub.run()
    endIfClosed()
  }

  private func give(_ packet: ControlPacket) {
    guard !output.isClosed else { return }
    guard case .publish = packet else {
      shard.received(packet, on: connection, at: hub.time)
      return
    }
    packet.encoded(version: version).withUnsafeBytes { raw in
      do throws(MQTTDecodeError) {
        guard let header = try PacketFraming.readHeader(raw, maximumPacketSize: MQTTLimits.maximumPacketLength) else {
          return
        }
        let body = UnsafeRawBufferPointer(rebasing: raw[header.length...])
        shard.received(try PublishView.decode(header, body: body, version: version), on: connection, at: hub.time)
      } catch {
        shard.received(error, on: connection, at: hub.time)
      }
    }
  }

  /// A socket that the server has closed ends for the server too.
  private func endIfClosed() {
    if output.isClosed { lose() }
  }

  /// The connection ends without a word.
  func lose() {
    guard !isLost else { return }
    isLost = true
    shard.closed(connection, at: hub.time)
    hub.run()
  }

  /// Packets that came since the last look, CONNACK aside.
  func take() -> [ControlPacket] {
    endIfClosed()
    if takenConnack == nil { takenConnack = connack }
    defer { output.packets = [] }
    return output.packets.filter { $0.type != .connack }
  }

  /// Messages that came since the last look; other packets are dropped.
  func takeMessages() -> [PublishPacket] { take().compactMap(\.message) }

  /// Payloads of the messages that came since the last look.
  func takeTexts() -> [String] { takeMessages().map(\.text) }

  func nextPacketIdentifier() -> UInt16 {
    lastPacketIdentifier += 1
    return lastPacketIdentifier
  }

  /// Subscribes to a filter, which must be granted; leaves retained messages to be taken.
  func subscribe(_ filter: String, qos: QoS = .exactlyOnce, at location: SourceLocation = #_sourceLocation) throws {
    let identifier = nextPacketIdentifier()
    send(
      .subscribe(
        SubscribePacket(packetIdentifier: identifier, subscriptions: [Subscription(filter: filter, qos: qos)])))
    let suback = ControlPacket.suback(
      SubackPacket(packetIdentifier: identifier, reasonCodes: [ReasonCode(rawValue: qos.rawValue)]))
    guard let index = output.packets.firstIndex(of: suback) else {
      throw HarnessError("\(filter) at \(qos) was not granted: \(output.packets)", at: location)
    }
    output.packets.remove(at: index)
  }

  /// Publishes; the exchange of QoS 2 is gone through to its end.
  func publish(
    _ topic: String, _ text: String = "x", qos: QoS = .atMostOnce, retain: Bool = false, properties: Properties = []
  ) {
    let identifier = qos == .atMostOnce ? 0 : nextPacketIdentifier()
    send(.publish(.make(topic, text, qos: qos, retain: retain, id: identifier, properties: properties)))
    if qos == .exactlyOnce { send(.pubrel(AcknowledgementPacket(packetIdentifier: identifier))) }
  }

  /// Says DISCONNECT; the server ends the connection.
  func disconnect(_ reason: ReasonCode = .success, properties: Properties = []) {
    send(.disconnect(DisconnectPacket(reasonCode: reason, properties: properties)))
    lose()
  }
}
