import MQTTProtocol

extension DeviceConnection {
  /// Takes in what the hub sent.
  func received(_ bytes: UnsafeRawBufferPointer, at now: Int64) throws {
    var rest = bytes
    if !scanner.isInsidePacket {
      let count = window.acknowledgeFront(of: bytes, at: now, into: &loop.histogram)
      taken += count
      rest = UnsafeRawBufferPointer(rebasing: bytes[(count * 4)...])
    }
    guard !rest.isEmpty else { return }
    try scanner.scan(rest) { header, body in
      try received(ControlPacket.decode(header, body: body, version: loop.settings.version), at: now)
    }
  }

  private func received(_ packet: ControlPacket, at now: Int64) throws {
    switch packet {
    case .connack(let packet): receivedConnack(packet)
    case .puback(let packet): receivedAcknowledgement(packet.packetIdentifier, packet.reasonCode, at: now)
    case .pingresp: receivedPingResponse()
    case .disconnect(let packet):
      farewell = "the hub disconnected: \(packet.reasonCode.text(in: .v5))"
    default:
      close(because: "the hub sent a packet that nobody asked for")
    }
  }

  private func receivedConnack(_ packet: ConnackPacket) {
    guard phase == .connecting else { return close(because: "the hub sent a second CONNACK") }
    guard packet.reasonCode == .success else {
      return close(because: "the hub refused the connection: \(packet.reasonCode.text(in: loop.settings.version))")
    }
    if let limit = packet.properties.receiveMaximum, loop.settings.qos != .atMostOnce {
      window.shrink(to: Int(limit))
    }
    if let seconds = packet.properties.serverKeepAlive { keepAlive = seconds }
    phase = .ready
    loop.connectionReady(self)
  }

  private func receivedAcknowledgement(_ identifier: UInt16, _ reasonCode: ReasonCode, at now: Int64) {
    guard let time = window.acknowledge(identifier) else {
      return close(because: "the hub acknowledged a message that was not in flight")
    }
    if reasonCode.isError {
      refused += 1
      loop.messageRefused(reasonCode)
    } else {
      taken &+= 1
      loop.histogram.record(now &- time)
    }
  }

  private func receivedPingResponse() {
    guard let mark = pingMark else { return }
    pingMark = nil
    // Bytes are taken in order, so whoever answers the PINGREQ has taken everything before it.
    if loop.settings.qos == .atMostOnce { taken = mark }
  }
}
