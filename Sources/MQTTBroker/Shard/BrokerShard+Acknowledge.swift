import Durability
import MQTTProtocol

/// What leaves only after the commit of what caused it.
enum HeldEffect {
  /// PUBACK, or PUBREC with an error.
  case acknowledge(ClientConnection, PacketType, packetIdentifier: UInt16, PublishAnswer)
  /// PUBREC of a QoS 2 message, which goes to its subscribers in that moment.
  case receive(ClientConnection, packetIdentifier: UInt16, StoredMessage)
  /// The hub's own publish is answered.
  case complete(@Sendable (PublishAnswer) -> Void, PublishAnswer)
  /// The hub's own publish that had to wait for a commit.
  case publish(HubPublish)
}

extension BrokerShard {
  /// Stores what the read brought, then releases its effects, or holds them until their commit.
  func releaseEffects(at time: BrokerTime) {
    let sequence = max(sink.endedRead(at: time), appendedInRead)
    appendedInRead = .none
    let committed = broker.commitQueue.committed
    while let held = heldEffects.first, held.sequence <= committed {
      heldEffects.removeFirst()
      perform(held.effect, at: time)
    }
    guard !unheldEffects.isEmpty else { return }
    // Effects keep their order, so whatever follows a held one waits for it too.
    lastHeldSequence = max(lastHeldSequence, sequence)
    var effects: [HeldEffect] = []
    swap(&effects, &unheldEffects)
    if heldEffects.isEmpty && sequence <= committed {
      for effect in effects { perform(effect, at: time) }
    } else {
      for effect in effects { heldEffects.append((lastHeldSequence, effect)) }
    }
    // The array is used again for the next read.
    effects.removeAll(keepingCapacity: true)
    if unheldEffects.isEmpty { swap(&effects, &unheldEffects) }
  }

  private func perform(_ effect: HeldEffect, at time: BrokerTime) {
    switch effect {
    case .acknowledge(let connection, let type, let packetIdentifier, let answer):
      acknowledge(type, packetIdentifier, answer, to: connection)
    case .receive(let connection, let packetIdentifier, let message):
      let answer = told(fanOut(message, at: time) ? .success : .retainedLimit, connection)
      if answer.reason.isError { connection.inbound.refusedPublish(packetIdentifier) }
      acknowledge(.pubrec, packetIdentifier, answer, to: connection)
    case .complete(let completion, let answer):
      completion(answer)
    case .publish(let publish):
      hubPublishes.append(publish)
    }
  }

  private func acknowledge(
    _ type: PacketType, _ packetIdentifier: UInt16, _ answer: PublishAnswer, to connection: ClientConnection
  ) {
    guard !connection.isClosed else { return }
    if let explanation = answer.explanation, connection.wantsProblemInformation, answer.reason.isError {
      // U+0000 has no place in a string [MQTT-1.5.4-2].
      let reason = explanation.replacing("\u{0}", with: " ")
      let acknowledgement = AcknowledgementPacket(
        packetIdentifier: packetIdentifier, reasonCode: answer.reason, properties: [.reasonString(reason)])
      let packet = type == .puback ? ControlPacket.puback(acknowledgement) : .pubrec(acknowledgement)
      // Left out where it would make the packet too large for the client [MQTT-3.4.2-2].
      if packet.encodedSize(version: connection.version) <= connection.maximumPacketSize {
        write(packet, to: connection)
        return
      }
    }
    connection.output.writeAcknowledgement(
      type, packetIdentifier: packetIdentifier, reasonCode: answer.reason, version: connection.version)
    willFlush(connection)
  }

  func receivedPubrel(_ packetIdentifier: UInt16, on connection: ClientConnection) {
    let isKnown = connection.inbound.receivedRelease(packetIdentifier)
    let reason = isKnown || connection.version != .v5 ? ReasonCode.success : .packetIdentifierNotFound
    unheldEffects.append(
      .acknowledge(connection, .pubcomp, packetIdentifier: packetIdentifier, PublishAnswer(reason)))
  }

  /// A subscriber's PUBACK, PUBREC or PUBCOMP came.
  func acknowledged(
    _ action: OutboundFlow.AcknowledgementAction, by type: PacketType, _ packet: AcknowledgementPacket,
    on connection: ClientConnection, at time: BrokerTime
  ) {
    switch action {
    case .completed(let receipt):
      if !packet.reasonCode.isError { receipt?.wasAcknowledged() }
      pump(connection, at: time)
    case .release:
      release(packet.packetIdentifier, .success, on: connection)
    case .unknownIdentifier:
      // Only an unexpected PUBREC has an answer (MQTT 5.0 §3.6.2.1); the others may be late echoes.
      if type == .pubrec { release(packet.packetIdentifier, .packetIdentifierNotFound, on: connection) }
    }
  }

  private func release(_ packetIdentifier: UInt16, _ reason: ReasonCode, on connection: ClientConnection) {
    connection.output.writeAcknowledgement(
      .pubrel, packetIdentifier: packetIdentifier, reasonCode: reason, version: connection.version)
    willFlush(connection)
  }
}
