import MosquittoClient
import Testing

/// Payloads near and over the packet limit, by libmosquitto.
@Suite struct LargePayloadTests {
  @Test(arguments: MosquittoProtocolVersion.allCases, MosquittoQoS.allCases)
  func areTheSameOnTheOtherSide(version: MosquittoProtocolVersion, qos: MosquittoQoS) throws {
    try withHub { hub in
      let client = try hub.mosquittoClient("client", version: version)
      #expect(try client.subscribeAndWait(to: "large", qos: .exactlyOnce).isFailure == false)
      var random = SeededGenerator(seed: 41)
      for size in [127, 128, 16_383, 16_384, 65_536, 200 * 1_024, 255 * 1_024] {
        let payload = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(try client.publishAndWait(MosquittoMessage(topic: "large", payload: payload, qos: qos)) == .success)
        let message = try client.nextMessage()
        #expect(message.qos == qos && message.payload.count == size && message.payload == payload)
      }
    }
  }

  @Test func areRefusedOverTheLimitOfTheServer() throws {
    try withHub { hub in
      let payload = [UInt8](repeating: 0x61, count: 256 * 1_024)
      let message = MosquittoMessage(topic: "large", payload: payload, qos: .atLeastOnce)
      // At 5 the library knows the limit from the CONNACK; at 3.1.1 the hub ends the connection.
      let modern = try hub.mosquittoClient("modern")
      #expect(throws: MosquittoError.packetTooLarge) { try modern.publishAndWait(message) }
      let older = try hub.mosquittoClient("older", version: .v311)
      #expect(throws: MosquittoError.self) { try older.publishAndWait(message) }
      #expect(!older.isOpen)
      #expect(
        try modern.publishAndWait(MosquittoMessage(topic: "small", payload: [1], qos: .atLeastOnce)).isFailure == false)
    }
  }

  @Test(arguments: MosquittoProtocolVersion.allCases)
  func waitInASession(version: MosquittoProtocolVersion) throws {
    try withHub { hub in
      var options = MosquittoConnectOptions(host: "127.0.0.1", port: hub.mqttPort, clientIdentifier: "away")
      options.protocolVersion = version
      options.cleanStart = false
      options.sessionExpiry = version == .v5 ? 300 : nil
      let away = try MosquittoClient(options)
      try away.connectAndWait()
      #expect(try away.subscribeAndWait(to: "large/+", qos: .exactlyOnce).isFailure == false)
      away.disconnectAndWait()
      let publisher = try hub.mosquittoClient("publisher")
      let payloads = (0..<4).map { [UInt8](repeating: UInt8($0), count: 200 * 1_024) }
      for (number, payload) in payloads.enumerated() {
        let message = MosquittoMessage(topic: "large/\(number)", payload: payload, qos: .exactlyOnce)
        #expect(try publisher.publishAndWait(message) == .success)
      }
      let back = try MosquittoClient(options)
      #expect(try back.connectAndWait())
      for (number, payload) in payloads.enumerated() {
        let message = try back.nextMessage()
        #expect(message.topic == "large/\(number)" && message.payload == payload)
      }
    }
  }
}
