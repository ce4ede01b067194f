import MQTTProtocol
import Testing

/// Packets that are cut anywhere, or damaged anywhere: the hub stays up and everyone else is served.
@Suite struct TornPacketTests {
  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func survivesEveryCut(version: ProtocolVersion) throws {
    try withHub { hub in
      let neighbour = try Neighbour(hub)
      let connect = PacketSamples.connect(version)
      for count in 0..<connect.count {
        #expect(try answers(of: hub, toTorn: connect.prefix(count)).isEmpty, "\(count) bytes of CONNECT")
      }
      try neighbour.expectToBeServed(1)
      for (type, packet) in PacketSamples.others(version) {
        for count in 1..<packet.count {
          let answers = try answers(of: hub, toTorn: connect + packet.prefix(count))
          #expect(answers.first == .connack, "\(count) bytes of \(type)")
        }
      }
      try neighbour.expectToBeServed(2)
      try eventually("every torn connection is gone") { try hub.metric("telemetry_hub_connections") == 1 }
    }
  }

  /// Sends bytes on a connection that is then gone, and on one that ends in order: what comes back there.
  private func answers(of hub: HubProcess, toTorn bytes: some Sequence<UInt8>) throws -> [PacketType] {
    try TCPConnection(port: hub.mqttPort).send(bytes)
    let socket = try TCPConnection(port: hub.mqttPort)
    socket.send(bytes)
    socket.finishSending()
    return try expectWholePackets(socket.receiveToEnd())
  }

  /// The types of the packets that `bytes` are, of which none may be cut short.
  private func expectWholePackets(
    _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [PacketType] {
    var types: [PacketType] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let header = try rest.withUnsafeBytes {
        try PacketFraming.readHeader($0, maximumPacketSize: MQTTLimits.maximumPacketLength)
      }
      guard let header, header.packetLength <= rest.count else {
        Issue.record("half a packet at the end of \(bytes)", sourceLocation: sourceLocation)
        break
      }
      types.append(header.type)
      rest = rest.dropFirst(header.packetLength)
    }
    return types
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func readsPacketsThatComeByteByByte(version: ProtocolVersion) throws {
    try withHub { hub in
      let peer = try MQTTPeer(port: hub.mqttPort, version: version)
      for byte in PacketSamples.connect(version) { peer.socket.send([byte]) }
      _ = try peer.expect("CONNACK") { if case .connack(let connack) = $0 { connack } else { nil } }
      let packets = Dictionary(PacketSamples.others(version)) { first, _ in first }
      let answers: [(PacketType, PacketType)] = [
        (.publish, .pubrec), (.subscribe, .suback), (.unsubscribe, .unsuback), (.pingreq, .pingresp),
      ]
      for (type, answer) in answers {
        for byte in packets[type] ?? [] { peer.socket.send([byte]) }
        #expect(try peer.receive()?.type == answer)
      }
    }
  }

  /// Seeded damage: bytes changed, left out and doubled in every sample.
  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func survivesDamage(version: ProtocolVersion) throws {
    try withHub { hub in
      let neighbour = try Neighbour(hub)
      var generator = SeededGenerator(seed: UInt64(version.rawValue))
      let connect = PacketSamples.connect(version)
      for (_, packet) in PacketSamples.others(version) + [(.connect, connect)] {
        for _ in 0..<24 {
          var damaged = packet
          for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let index = Int.random(in: 0..<damaged.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: damaged[index] = UInt8.random(in: 0...255, using: &generator)
            case 1: damaged[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2 where damaged.count > 1: damaged.remove(at: index)
            default: damaged.insert(damaged[index], at: index)
            }
          }
          let socket = try TCPConnection(port: hub.mqttPort)
          socket.send(packet == connect ? damaged : connect + damaged)
          socket.finishSending()
          // Whatever it says, it says it in whole packets and closes.
          let answers = try expectWholePackets(socket.receiveToEnd())
          #expect(packet == connect || answers.first == .connack)
        }
      }
      try neighbour.expectToBeServed(1)
      try eventually("every damaged connection is gone") { try hub.metric("telemetry_hub_connections") == 1 }
    }
  }
}
