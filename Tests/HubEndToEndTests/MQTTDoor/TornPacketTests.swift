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
        try TCPConnection(port: hub.mqttPort).send(connect.prefix(count))
      }
      try neighbour.expectToBeServed(1)
      for (_, packet) in PacketSamples.others(version) {
        for count in 1..<packet.count {
          try TCPConnection(port: hub.mqttPort).send(connect + packet.prefix(count))
        }
      }
      try neighbour.expectToBeServed(2)
      try eventually("every torn connection is gone") { try hub.metric("telemetry_hub_connections") == 1 }
    }
  }

  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func readsPacketsThatComeByteByByte(version: ProtocolVersion) throws {
    try withHub { hub in
      let peer = try MQTTPeer(port: hub.mqttPort, version: version)
      for byte in PacketSamples.connect(version) { peer.socket.send([byte]) }
      _ = try peer.expect("CONNACK") { if case .connack(let connack) = $0 { connack } else { nil } }
      for (type, packet) in PacketSamples.others(version) {
        guard [.publish, .subscribe, .unsubscribe, .pingreq].contains(type) else { continue }
        for byte in packet { peer.socket.send([byte]) }
        let answer = try #require(try peer.receive())
        let expected: PacketType =
          switch type {
          case .publish: .pubrec
          case .subscribe: .suback
          case .unsubscribe: .unsuback
          default: .pingresp
          }
        #expect(answer.type == expected)
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
          // Whatever it says, it says it and closes.
          _ = try socket.receiveToEnd()
        }
      }
      try neighbour.expectToBeServed(1)
      try eventually("every damaged connection is gone") { try hub.metric("telemetry_hub_connections") == 1 }
    }
  }
}
