import MQTTBroker
import MQTTProtocol
import Testing

/// §3.3.2.3.2, §5.4.9: a payload that says it is text, checked where the operator asks for that.
@Suite("MQTT 5.0 §3.3.2.3.2 payload format")
struct PayloadFormatTests {
  static var checking: BrokerLimits {
    var limits = BrokerLimits()
    limits.validatesPayloadFormat = true
    return limits
  }

  static func publish(_ payload: [UInt8], _ format: UInt8, qos: QoS, id: UInt16) -> ControlPacket {
    .publish(
      PublishPacket(
        topic: Array("t".utf8), payload: payload, qos: qos, packetIdentifier: id,
        properties: [.payloadFormatIndicator(format)]))
  }

  @Test(
    """
    5.0 [MQTT-3.4.2-1] [MQTT-3.5.2-1] [MQTT-4.3.3-9] a payload that is not the text it says it is, is answered with \
    0x99 and goes nowhere
    """
  )
  func misdeclaredText() throws {
    let hub = VirtualHub(limits: Self.checking)
    let watcher = hub.connect("watcher")
    try watcher.subscribe("t", qos: .atMostOnce)
    let client = hub.connect("client", properties: [.requestProblemInformation(0)])
    client.send(Self.publish([0xFF], 1, qos: .atLeastOnce, id: 1))
    client.send(Self.publish([0xC0, 0x80], 1, qos: .exactlyOnce, id: 2))
    let refusals = client.take()
    #expect(refusals.map(\.type) == [.puback, .pubrec])
    #expect(refusals.map(\.acknowledgement?.reasonCode) == [.payloadFormatInvalid, .payloadFormatInvalid])
    client.send(Self.publish(Array("ä".utf8), 1, qos: .exactlyOnce, id: 2))
    client.send(Self.publish([0xFF], 0, qos: .atLeastOnce, id: 3))
    #expect(client.take().map(\.acknowledgement?.reasonCode) == [.success, .success])
    #expect(watcher.takeMessages().map(\.payload) == [Array("ä".utf8), [0xFF]])
  }

  @Test("5.0 [MQTT-3.1.4-2] [MQTT-3.2.2-8] a will that is not the text it says it is, is refused with 0x99")
  func misdeclaredWill() {
    let hub = VirtualHub(limits: Self.checking)
    let will = Will(
      topic: "w", payload: [0xFF], qos: .atMostOnce, retain: false, properties: [.payloadFormatIndicator(1)])
    let client = hub.connect("client", will: will)
    #expect(client.connack?.reasonCode == .payloadFormatInvalid)
    #expect(client.isClosed)
  }
}
