import MQTTBroker
import MQTTProtocol

/// A connection's way out that keeps what it was given; the socket takes bytes only while `takesOutput`.
final class RecordingOutput: ConnectionOutput {
  private(set) var packets: [ControlPacket] = []
  private(set) var isClosed = false
  private(set) var isPaused = false
  private(set) var flushes = 0
  /// What a full socket leaves waiting.
  var pendingBytes = 0
  var isFull = false
  var takesOutput = true
  /// Where unsent output counts, as that of a network connection does.
  var memory: ClientMemory?
  private var counted = 0
  private var isDiscarding = false
  /// Called before a packet is written.
  var willWrite: (() -> Void)?

  func write(_ packet: ControlPacket, version: ProtocolVersion) { record(packet, version: version) }

  func writeAcknowledgement(
    _ type: PacketType, packetIdentifier: UInt16, reasonCode: ReasonCode, version: ProtocolVersion
  ) {
    let packet = AcknowledgementPacket(packetIdentifier: packetIdentifier, reasonCode: reasonCode)
    switch type {
    case .puback: record(.puback(packet), version: version)
    case .pubrec: record(.pubrec(packet), version: version)
    case .pubrel: record(.pubrel(packet), version: version)
    default: record(.pubcomp(packet), version: version)
    }
  }

  func writePublish(
    _ header: OutgoingPublish, topic: UnsafeRawBufferPointer, properties: UnsafeRawBufferPointer,
    payload: UnsafeRawBufferPointer
  ) {
    // Through the wire, so that what is recorded is what a client would read.
    var bytes = [UInt8](
      repeating: 0,
      count: PublishEncoder.encodedSize(
        topicLength: topic.count, propertiesLength: properties.count, payloadLength: payload.count, qos: header.qos,
        version: header.version))
    _ = bytes.withUnsafeMutableBytes {
      PublishEncoder.encode(
        topic: topic, properties: properties, payload: payload, qos: header.qos, retain: header.retain,
        duplicate: header.duplicate, packetIdentifier: header.packetIdentifier, version: header.version, into: $0)
    }
    if let packet = try? decodePacket(bytes, version: header.version) { record(packet, version: header.version) }
  }

  private func record(_ packet: ControlPacket, version: ProtocolVersion) {
    willWrite?()
    packets.append(packet)
    if !takesOutput, !isDiscarding { pendingBytes += packet.encodedSize(version: version) }
  }

  func flush() {
    flushes += 1
    countUnsent()
  }

  func discard() {
    isDiscarding = true
    pendingBytes = 0
    countUnsent()
  }

  private func countUnsent() {
    memory?.outputChanged(by: pendingBytes - counted)
    counted = pendingBytes
  }

  func pauseReading() { isPaused = true }
  func resumeReading() { isPaused = false }
  func close() { isClosed = true }

  func takeAll() -> [ControlPacket] {
    defer { packets = [] }
    return packets
  }
}

/// One packet from its bytes, as a client reads it.
func decodePacket(_ bytes: [UInt8], version: ProtocolVersion) throws -> ControlPacket {
  try bytes.withUnsafeBytes { raw in
    guard let header = try PacketFraming.readHeader(raw, maximumPacketSize: MQTTLimits.maximumPacketLength) else {
      throw MQTTDecodeError.malformed("cut short")
    }
    return try ControlPacket.decode(
      header, body: UnsafeRawBufferPointer(rebasing: raw[header.length..<header.packetLength]), version: version)
  }
}
