import DeviceAgentKit
import MQTTProtocol
import Testing

/// A client that must be served whatever another one does meanwhile.
struct Neighbour {
  private let hub: HubProcess
  private let peer: MQTTPeer

  init(_ hub: HubProcess) throws {
    self.hub = hub
    peer = try MQTTPeer.connected(hub.mqttPort, "neighbour")
    #expect(try peer.subscribe("v1/devices/neighbour/telemetry") == .grantedQoS1)
  }

  /// Publishes, is acknowledged and delivered to, and reads over HTTP what it published.
  func expectToBeServed(_ value: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let topic = "v1/devices/neighbour/telemetry"
    let payload = #"{"n":\#(value)}"#
    #expect(try peer.publish(topic, payload) == .success, sourceLocation: sourceLocation)
    #expect(try peer.message().text == payload, sourceLocation: sourceLocation)
    #expect(try hub.latest("neighbour", "n")?.integer == Int64(value), sourceLocation: sourceLocation)
  }
}
