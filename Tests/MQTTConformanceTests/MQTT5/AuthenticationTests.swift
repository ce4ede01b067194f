import MQTTProtocol
import Testing

/// §3.15, §4.12: enhanced authentication, of which this server supports no method.
@Suite("MQTT 5.0 §4.12 enhanced authentication")
struct AuthenticationTests {
  @Test(
    """
    5.0 [MQTT-4.12.0-1] [MQTT-4.12.0-4] [MQTT-3.2.2-7] [MQTT-3.2.2-8] a method that the server does not have is \
    refused with 0x8C
    """,
    arguments: ["SCRAM-SHA-1", "", "x"])
  func unknownMethod(_ method: String) async throws {
    let client = try await LiveHub.shared().open()
    try client.send(
      .connect(
        ConnectPacket(
          version: .v5, clientIdentifier: Unique.name(),
          properties: [.authenticationMethod(method), .authenticationData([1])])))
    try client.expectRefusal(.badAuthenticationMethod)
  }

  @Test("5.0 [MQTT-4.12.0-6] without a method there is no AUTH and no Authentication Method in CONNACK")
  func noMethod() async throws {
    let client = try await LiveHub.shared().open()
    try client.connect(
      ConnectPacket(version: .v5, clientIdentifier: Unique.name(), userName: "user", password: Array("secret".utf8)))
    #expect(client.connack?.reasonCode == .success)
    #expect(client.connack?.properties.authenticationMethod == nil)
    #expect(client.connack?.properties.authenticationData == nil)
    try client.expectNothing()
  }

  @Test(
    "5.0 [MQTT-4.12.0-7] [MQTT-4.12.1-2] [MQTT-4.13.1-1] AUTH from a client that named no method is a protocol error",
    arguments: [ReasonCode.reauthenticate, .continueAuthentication])
  func authWithoutMethod(_ reason: ReasonCode) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(.auth(AuthPacket(reasonCode: reason, properties: [.authenticationMethod("SCRAM-SHA-1")])))
    try client.expectDisconnect(.protocolError, .badAuthenticationMethod)
  }

  @Test(
    "5.0 [MQTT-3.15.2-1] [MQTT-4.13.1-1] AUTH with another reason code, or without a method, ends the connection",
    arguments: [[0x80, 0], [0x01, 0], [0x18, 0], [0x19], []] as [[UInt8]])
  func malformedAuth(_ body: [UInt8]) async throws {
    let client = try await LiveHub.shared().connect()
    try client.send(Wire.packet(0xF0, body))
    try client.expectDisconnect(.malformedPacket, .protocolError)
  }

  @Test("5.0 [MQTT-3.1.4-6] AUTH behind a refused CONNECT brings nothing to life")
  func authBehindRefusal() async throws {
    let client = try await LiveHub.shared().open()
    try client.send(
      .connect(
        ConnectPacket(version: .v5, clientIdentifier: Unique.name(), properties: [.authenticationMethod("none such")])),
      .auth(AuthPacket(reasonCode: .continueAuthentication, properties: [.authenticationMethod("none such")])))
    try client.expectRefusal(.badAuthenticationMethod)
  }
}
