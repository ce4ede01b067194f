/// Why bytes are not a packet. The connection they came on cannot go on (MQTT 5.0 §4.13).
///
/// Holds nothing on the heap, so that throwing it costs no more than returning.
package struct MQTTDecodeError: Error, Equatable {
  /// What DISCONNECT or CONNACK tells an MQTT 5 client.
  package let reasonCode: ReasonCode
  /// What was wrong, for the log and for Reason String; never holds bytes of the peer.
  package let explanation: StaticString

  package init(_ reasonCode: ReasonCode, _ explanation: StaticString) {
    self.reasonCode = reasonCode
    self.explanation = explanation
  }

  /// The bytes cannot be read as the specification says (MQTT 5.0 §1.2, Malformed Packet).
  package static func malformed(_ explanation: StaticString) -> MQTTDecodeError {
    MQTTDecodeError(.malformedPacket, explanation)
  }

  /// The bytes can be read, and say what is not allowed (MQTT 5.0 §1.2, Protocol Error).
  package static func protocolError(_ explanation: StaticString) -> MQTTDecodeError {
    MQTTDecodeError(.protocolError, explanation)
  }

  /// A field goes on past the end of its packet.
  static var truncated: MQTTDecodeError { .malformed("packet ends inside a field") }

  package static func == (left: MQTTDecodeError, right: MQTTDecodeError) -> Bool {
    left.reasonCode == right.reasonCode && left.explanation.description == right.explanation.description
  }
}
