import MQTTBroker
import MQTTProtocol

/// One step of an input.
extension HubWorld {
  func step(_ input: inout FuzzInput) throws(FuzzFinding) {
    let byte = input.byte()
    let client = input.choice(of: clients.count)
    try perform(Int(byte & 0x7F) % 24, client, &input)
    // Mostly the loops look at once; what depends on their order needs that they do not.
    if byte < 0x80 { try drainAll() }
    try check()
  }

  private func perform(_ operation: Int, _ client: Int, _ input: inout FuzzInput) throws(FuzzFinding) {
    switch operation {
    case 0, 1, 2: connect(client, &input)
    case 3: clients[client] = open(on: input.choice(of: shards.count))
    case 4: connection(of: client)?.lost()
    case 5: send(input.bytes(Int(input.byte())), from: client, &input)
    case 6, 7, 8: send(PacketMaker.publish(&input), from: client, &input)
    case 9, 10: send(PacketMaker.subscribe(&input), from: client, &input)
    case 11: send(PacketMaker.unsubscribe(&input), from: client, &input)
    case 12, 13, 14: acknowledge(client, &input)
    case 15: send(PacketMaker.acknowledgement(&input), from: client, &input)
    case 16: send(PacketMaker.other(&input), from: client, &input)
    case 17: try timePasses(&input)
    case 18: commit(Int(input.byte()))
    case 19: drainMailbox(of: input.choice(of: shards.count))
    case 20: connection(of: client)?.filled()
    case 21: connection(of: client)?.drained()
    case 22: publish(PacketMaker.hubPublish(&input))
    default: sendBroken(client, &input)
    }
  }

  private func connect(_ client: Int, _ input: inout FuzzInput) {
    let connect = PacketMaker.connect(&input)
    // A client has one network connection; its former one may still be open at the hub.
    clients[client] = open(on: input.choice(of: shards.count))
    outgoing[client] = []
    send(.connect(connect), from: client, &input)
  }

  /// Answers the hub's oldest open message, as a client should.
  private func acknowledge(_ client: Int, _ input: inout FuzzInput) {
    guard let session = model(of: client)?.session else { return }
    let open = session.exchanges.filter { !$0.value.isCarried || $0.value.stage == .awaitingComplete }
    guard let (identifier, exchange) = open.min(by: { $0.value.serial < $1.value.serial }) else { return }
    let packet = AcknowledgementPacket(packetIdentifier: identifier)
    switch exchange.stage {
    case .awaitingAcknowledgement: send(.puback(packet), from: client, &input)
    case .awaitingReceived: send(.pubrec(packet), from: client, &input)
    case .awaitingComplete: send(.pubcomp(packet), from: client, &input)
    }
  }

  private func timePasses(_ input: inout FuzzInput) throws(FuzzFinding) {
    let milliseconds = input.pick([100, 1_000, 2_000, 11_000, 40_000, 61_000, 3_600_000, 700_000_000])
    // Where nothing is under way, it is known which sessions are over.
    let isAtRest = input.choice(of: 2) == 0
    if isAtRest {
      commit()
      try drainAll()
      try check()
    }
    timePasses(milliseconds: Int64(milliseconds))
    try check()
    try checkStatistics()
    if isAtRest {
      model.settleExpired()
    }
  }

  // MARK: Sending

  private func send(_ packet: ControlPacket, from client: Int, _ input: inout FuzzInput) {
    send(packet.encoded(version: version(of: client)), from: client, &input)
  }

  private func version(of client: Int) -> ProtocolVersion { model(of: client)?.version ?? .v3_1_1 }

  /// Whole, torn, or held back until more is sent.
  private func send(_ bytes: [UInt8], from client: Int, _ input: inout FuzzInput) {
    outgoing[client] += bytes
    guard let connection = connection(of: client) else { return }
    switch input.choice(of: 6) {
    case 0: break
    case 1:
      let count = min(Int(input.byte()), outgoing[client].count)
      let part = Array(outgoing[client].prefix(count))
      outgoing[client].removeFirst(count)
      connection.sent(part)
    default:
      let all = outgoing[client]
      outgoing[client] = []
      connection.sent(all)
    }
  }

  private func sendBroken(_ client: Int, _ input: inout FuzzInput) {
    var bytes = PacketMaker.any(&input).encoded(version: version(of: client))
    bytes[input.choice(of: bytes.count)] = input.byte()
    send(bytes, from: client, &input)
  }
}
