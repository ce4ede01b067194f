/// Every control packet, with memory of its own.
///
/// The hot path reads PUBLISH in place as a `PublishView` and writes it with `PublishEncoder`.
package enum ControlPacket: Equatable, Sendable {
  case connect(ConnectPacket)
  case connack(ConnackPacket)
  case publish(PublishPacket)
  case puback(AcknowledgementPacket)
  case pubrec(AcknowledgementPacket)
  case pubrel(AcknowledgementPacket)
  case pubcomp(AcknowledgementPacket)
  case subscribe(SubscribePacket)
  case suback(SubackPacket)
  case unsubscribe(UnsubscribePacket)
  case unsuback(SubackPacket)
  case pingreq
  case pingresp
  case disconnect(DisconnectPacket)
  case auth(AuthPacket)

  package var type: PacketType {
    switch self {
    case .connect: .connect
    case .connack: .connack
    case .publish: .publish
    case .puback: .puback
    case .pubrec: .pubrec
    case .pubrel: .pubrel
    case .pubcomp: .pubcomp
    case .subscribe: .subscribe
    case .suback: .suback
    case .unsubscribe: .unsubscribe
    case .unsuback: .unsuback
    case .pingreq: .pingreq
    case .pingresp: .pingresp
    case .disconnect: .disconnect
    case .auth: .auth
    }
  }
}
