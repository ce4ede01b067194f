import MQTTBroker
import MQTTProtocol

/// Well-formed packets from an input, few enough in kind that they meet.
enum PacketMaker {
  private static let topics = [
    "t", "t/u", "t/u/v", "x", "v1/devices/me/telemetry", "v1/devices/me/time", "v1/devices/a/telemetry",
    "v1/devices/a/commands", "$SYS/t", "/", "a/b/c/d/e/f/g", "a long topic name that is not remembered",
  ]
  private static let filters = [
    "t", "t/+", "#", "+/u", "t/#", "+", "v1/devices/me/commands", "v1/devices/+/telemetry",
    "v1/devices/me/time/response",
    "$share/g/t", "$share/g/#", "$share/h/t/+", "$share/g/v1/devices/me/commands", "$SYS/#", "a/b/c/d/e/f/g", "x",
  ]
  private static let clientIdentifiers = ["a", "b", "c", "", "a name of more bytes than the limit", "#"]

  static func any(_ input: inout FuzzInput) -> ControlPacket {
    switch input.choice(of: 5) {
    case 0: publish(&input)
    case 1: subscribe(&input)
    case 2: .connect(connect(&input))
    case 3: acknowledgement(&input)
    default: other(&input)
    }
  }

  static func connect(_ input: inout FuzzInput) -> ConnectPacket {
    let version = input.pick([ProtocolVersion.v5, .v3_1_1, .v5, .v3_1])
    let flags = input.byte()
    var connect = ConnectPacket(
      version: version, cleanStart: flags & 1 != 0, keepAlive: flags & 2 != 0 ? 10 : 0,
      clientIdentifier: input.pick(clientIdentifiers))
    if flags & 4 != 0 {
      connect.will = Will(
        topic: input.pick(topics), payload: payload(&input), qos: qos(&input), retain: flags & 8 != 0)
      if version == .v5, flags & 16 != 0 {
        connect.will?.properties.append(.willDelayInterval(input.pick([1, 30, 100_000])))
      }
    }
    guard version == .v5 else { return connect }
    if flags & 32 != 0 { connect.properties.append(.sessionExpiryInterval(input.pick([5, 60, .max, 0]))) }
    if flags & 64 != 0 { connect.properties.append(.receiveMaximum(input.pick([1, 2, 5]))) }
    if flags & 128 != 0 { connectOptions(&input, &connect.properties) }
    return connect
  }

  private static func connectOptions(_ input: inout FuzzInput, _ properties: inout Properties) {
    let options = input.byte()
    if options & 1 != 0 { properties.append(.maximumPacketSize(input.pick([40, 8, 100]))) }
    if options & 2 != 0 { properties.append(.topicAliasMaximum(input.pick([1, 2, 100]))) }
    if options & 4 != 0 { properties.append(.requestProblemInformation(0)) }
    if options & 8 != 0 { properties.append(.requestResponseInformation(1)) }
    if options & 16 != 0 { properties.append(.authenticationMethod("m")) }
    if options & 32 != 0 { properties.append(.userProperty("k", "v")) }
  }

  static func publish(_ input: inout FuzzInput) -> ControlPacket {
    let flags = input.byte()
    let qos = QoS(rawValue: flags & 3) ?? .atLeastOnce
    var publish = PublishPacket(
      topic: Array(input.pick(topics).utf8), payload: payload(&input), qos: qos, retain: flags & 4 != 0,
      duplicate: qos != .atMostOnce && flags & 8 != 0,
      packetIdentifier: qos == .atMostOnce ? 0 : identifier(&input))
    if flags & 16 != 0 { publish.properties.append(.messageExpiryInterval(input.pick([1, 20, 4_000, 0]))) }
    if flags & 32 != 0 {
      publish.properties.append(.topicAlias(input.pick([1, 2, 16, 17])))
      if flags & 64 != 0 { publish.topic = [] }
    }
    if flags & 128 != 0 { publishOptions(&input, &publish.properties) }
    return .publish(publish)
  }

  private static func publishOptions(_ input: inout FuzzInput, _ properties: inout Properties) {
    let options = input.byte()
    if options & 1 != 0 { properties.append(.payloadFormatIndicator(1)) }
    if options & 2 != 0 { properties.append(.responseTopic(input.pick(topics))) }
    if options & 4 != 0 { properties.append(.correlationData(input.bytes(4))) }
    if options & 8 != 0 { properties.append(.userProperty("k", "v")) }
    if options & 16 != 0 { properties.append(.contentType("json")) }
    if options & 32 != 0 { properties.append(.subscriptionIdentifier(1)) }
  }

  static func subscribe(_ input: inout FuzzInput) -> ControlPacket {
    let count = 1 + input.choice(of: 3)
    let subscriptions = (0..<count).map { _ in
      let filter = input.pick(filters)
      let options = input.byte()
      // No Local on a shared subscription is a protocol error, which nobody should make each time.
      let noLocal = options & 4 != 0 && (!filter.utf8.starts(with: "$share".utf8) || options & 0xC0 == 0xC0)
      return Subscription(
        filter: filter, qos: QoS(rawValue: options & 3) ?? .exactlyOnce, noLocal: noLocal,
        retainAsPublished: options & 8 != 0, retainHandling: RetainHandling(rawValue: options >> 4 & 3) ?? .sendIfNew)
    }
    let subscriptionIdentifier = input.choice(of: 4)
    return .subscribe(
      SubscribePacket(
        packetIdentifier: identifier(&input), subscriptions: subscriptions,
        properties: subscriptionIdentifier == 0 ? [] : [.subscriptionIdentifier(UInt32(subscriptionIdentifier) * 100)]))
  }

  static func unsubscribe(_ input: inout FuzzInput) -> ControlPacket {
    let filters = (0...input.choice(of: 2)).map { _ in input.pick(Self.filters) }
    return .unsubscribe(UnsubscribePacket(packetIdentifier: identifier(&input), filters: filters))
  }

  /// An acknowledgement that nobody may wait for.
  static func acknowledgement(_ input: inout FuzzInput) -> ControlPacket {
    let kind = input.choice(of: 4)
    let code = input.pick([ReasonCode.success, .success, kind < 2 ? .quotaExceeded : .packetIdentifierNotFound])
    let packet = AcknowledgementPacket(packetIdentifier: identifier(&input), reasonCode: code)
    switch kind {
    case 0: return .puback(packet)
    case 1: return .pubrec(packet)
    case 2: return .pubrel(packet)
    default: return .pubcomp(packet)
    }
  }

  static func other(_ input: inout FuzzInput) -> ControlPacket {
    switch input.choice(of: 9) {
    case 0, 1, 2: .pingreq
    case 3: .disconnect(DisconnectPacket())
    case 4: .disconnect(DisconnectPacket(reasonCode: .disconnectWithWill))
    case 5: .disconnect(DisconnectPacket(properties: [.sessionExpiryInterval(input.pick([0, 10, .max]))]))
    case 6: .auth(AuthPacket(reasonCode: .continueAuthentication, properties: [.authenticationMethod("m")]))
    case 7: .pingresp
    default: .connack(ConnackPacket(sessionPresent: false, reasonCode: .success))
    }
  }

  static func hubPublish(_ input: inout FuzzInput) -> HubPublish {
    let flags = input.byte()
    return HubPublish(
      topic: Array(input.pick(topics.filter { !$0.contains("/me/") }).utf8), payload: payload(&input),
      qos: QoS(rawValue: flags & 3) ?? .atLeastOnce, retain: flags & 4 != 0,
      lifetime: flags & 8 != 0 ? 5_000 : nil, isForSink: flags & 16 != 0)
  }

  private static func payload(_ input: inout FuzzInput) -> [UInt8] {
    let count = input.byte()
    if count >= 0xF0 { return [UInt8](repeating: count, count: Int(count) * 2) }
    return input.bytes(Int(count) % 12)
  }

  private static func qos(_ input: inout FuzzInput) -> QoS { QoS(rawValue: input.byte() & 3) ?? .exactlyOnce }

  private static func identifier(_ input: inout FuzzInput) -> UInt16 { UInt16(1 + input.choice(of: 6)) }
}
