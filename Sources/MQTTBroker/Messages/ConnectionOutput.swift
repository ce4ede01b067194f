package import MQTTProtocol

/// A connection's way out, for the broker: bytes are gathered by `write…` and leave at `flush`. Called on its loop.
package protocol ConnectionOutput: AnyObject {
  /// Bytes written and not yet taken by the socket.
  var pendingBytes: Int { get }
  /// Whether the socket takes no output now; nothing is read from the peer meanwhile.
  var isFull: Bool { get }
  /// Whether the hub reads nothing from the peer for now because it is over its rate.
  var isReadingWithheld: Bool { get }

  func write(_ packet: ControlPacket, version: ProtocolVersion)
  func writeAcknowledgement(
    _ type: PacketType, packetIdentifier: UInt16, reasonCode: ReasonCode, version: ProtocolVersion)
  func writePublish(
    _ header: OutgoingPublish, topic: UnsafeRawBufferPointer, properties: UnsafeRawBufferPointer,
    payload: UnsafeRawBufferPointer)
  /// Writes a PUBLISH that stands ready, with a Packet Identifier of its own at `offset`, where it has one.
  func writeFrame(_ frame: UnsafeRawBufferPointer, packetIdentifier: UInt16, at offset: Int?, version: ProtocolVersion)
  func flush()

  /// Reads no further packet until `resumeReading`.
  func pauseReading()
  func resumeReading()

  /// Drops what the socket has not taken, and whatever is written from now on: the connection is about to be closed.
  func discard()

  /// Flushes what was written and closes; no event follows but the end of the connection.
  func close()
}

/// What differs from subscriber to subscriber of the same message.
package struct OutgoingPublish: Sendable {
  package var qos: QoS
  package var retain: Bool
  package var duplicate: Bool
  package var packetIdentifier: UInt16
  package var version: ProtocolVersion
}

extension ConnectionOutput {
  package var isReadingWithheld: Bool { false }

  /// For an output that wants its messages one by one: what the frame says.
  package func writeFrame(
    _ frame: UnsafeRawBufferPointer, packetIdentifier: UInt16, at offset: Int?, version: ProtocolVersion
  ) {
    guard let header = try? PacketFraming.readHeader(frame, maximumPacketSize: frame.count),
      let view = try? PublishView.decode(
        header, body: UnsafeRawBufferPointer(rebasing: frame[header.length...]), version: version)
    else { preconditionFailure("BUG: a frame is a PUBLISH") }
    writePublish(
      OutgoingPublish(
        qos: view.qos, retain: view.retain, duplicate: view.duplicate, packetIdentifier: packetIdentifier,
        version: version), topic: view.topic, properties: view.properties, payload: view.payload)
  }
}
