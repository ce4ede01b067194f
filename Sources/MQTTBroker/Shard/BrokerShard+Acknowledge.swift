import DequeModule
import Durability
import MQTTProtocol

/// What leaves, or happens, only after the commit of what caused it.
enum HeldEffect {
  /// PUBACK, PUBCOMP, or PUBREC with an error.
  case acknowledge(ClientConnection, PacketType, packetIdentifier: UInt16, PublishAnswer)
  /// PUBREC of a QoS 2 message, which goes to its subscribers in that moment.
  case receive(ClientConnection, ClientSession, packetIdentifier: UInt16, StoredMessage)
  /// PUBREL.
  case release(ClientConnection, packetIdentifier: UInt16, ReasonCode)
  /// SUBACK or UNSUBACK.
  case send(ClientConnection, ControlPacket)
  /// CONNACK.
  case accept(ClientConnection, ConnackPacket)
  /// The end of a connection by DISCONNECT.
  case disconnect(ClientConnection)
  /// A claim has nothing under way any more and passes on what it has.
  case yield(ClientClaim, Heir)
  /// Nothing is under way any more of a claim whose session has ended.
  case free(ClientClaim)
  /// The hub's own publish is answered.
  case complete(@Sendable (PublishAnswer) -> Void, PublishAnswer)
  /// The hub's own publish that had to wait for a commit.
  case publish(HubPublish)
}

extension BrokerShard {
  /// Stores what the read brought, then releases its effects, or holds them until their commit.
  func releaseEffects(at time: BrokerTime) {
    var sequence = max(sink.endedRead(at: time), appendedInRead)
    appendedInRead = .none
    let committed = broker.commitQueue.committed
    while let held = heldEffects.first, held.sequence <= committed {
      heldEffects.removeFirst()
      released(held.effect)
      perform(held.effect, at: time)
    }
    guard !unheldEffects.isEmpty else { return }
    // What was performed may have appended more.
    sequence = max(sequence, appendedInRead)
    appendedInRead = .none
    // Effects keep their order, so whatever follows a held one waits for it too.
    lastHeldSequence = max(lastHeldSequence, sequence)
    var effects: [HeldEffect] = []
    swap(&effects, &unheldEffects)
    if heldEffects.isEmpty && sequence <= committed {
      for effect in effects {
        // Behind what one before it has to wait for.
        if heldEffects.isEmpty { perform(effect, at: time) } else { hold(effect) }
      }
    } else {
      for effect in effects { hold(effect) }
    }
    // The array is used again for the next read.
    effects.removeAll(keepingCapacity: true)
    if unheldEffects.isEmpty { swap(&effects, &unheldEffects) }
  }

  private func perform(_ effect: HeldEffect, at time: BrokerTime) {
    switch effect {
    case .acknowledge(let connection, let type, let packetIdentifier, let answer):
      acknowledge(type, packetIdentifier, answer, to: connection)
    case .receive(let connection, let session, let packetIdentifier, let message):
      let answer = told(fanOut(message, isRefusable: connection.version == .v5, at: time), connection)
      // Also where the connection is lost: the client would be told on the next one that it arrived.
      if answer.reason.isError, session.slot >= 0 { refusedPublish(packetIdentifier, of: session) }
      guard !isAppendedCommitted else {
        acknowledge(.pubrec, packetIdentifier, answer, to: connection)
        return
      }
      // What the fan-out kept has to be committed too; whatever follows keeps its place behind.
      lastHeldSequence = max(lastHeldSequence, appendedInRead)
      hold(.acknowledge(connection, .pubrec, packetIdentifier: packetIdentifier, answer), first: appendedInRead)
    case .release(let connection, let packetIdentifier, let reason):
      if !connection.isClosed { writeAcknowledgement(.pubrel, packetIdentifier, reason, to: connection) }
    case .send(let connection, let packet):
      if !connection.isClosed { write(packet, to: connection) }
    case .accept(let connection, let connack):
      accept(connection, connack, at: time)
    case .disconnect(let connection):
      end(connection, because: .byClient, publishesWill: false, at: time)
    case .yield(let former, let heir):
      yieldNow(former, to: heir, at: time)
    case .free(let claim):
      broker.unregister(claim)
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
    // PUBREC with success leaves the exchange open until PUBCOMP; what was not open has no place to give back.
    if type != .pubrec || answer.reason.isError, answer.reason != .packetIdentifierNotFound {
      connection.unacknowledged = max(0, connection.unacknowledged - 1)
    }
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
    writeAcknowledgement(type, packetIdentifier, answer.reason, to: connection)
  }

  /// A QoS 2 publish is answered with an error, which ends its exchange.
  func refusedPublish(_ packetIdentifier: UInt16, of session: ClientSession) {
    guard session.inbound.refusedPublish(packetIdentifier) else { return }
    broker.memory.stateChanged(by: -InboundFlow.bytesOfExchange)
  }

  func receivedPubrel(_ packetIdentifier: UInt16, on connection: ClientConnection, _ session: ClientSession) {
    let isKnown = session.inbound.receivedRelease(packetIdentifier)
    if isKnown {
      broker.memory.stateChanged(by: -InboundFlow.bytesOfExchange)
      append(.released(packetIdentifier: packetIdentifier), of: session)
    }
    let reason = isKnown || connection.version != .v5 ? ReasonCode.success : .packetIdentifierNotFound
    unheldEffects.append(
      .acknowledge(connection, .pubcomp, packetIdentifier: packetIdentifier, PublishAnswer(reason)))
  }

  /// A subscriber's PUBACK, PUBREC or PUBCOMP came.
  func acknowledged(
    _ action: OutboundFlow.AcknowledgementAction, by type: PacketType, _ packet: AcknowledgementPacket,
    on connection: ClientConnection, _ session: ClientSession, at time: BrokerTime
  ) {
    switch action {
    case .completed(let receipt):
      append(.acknowledged(packetIdentifier: packet.packetIdentifier), of: session)
      if !packet.reasonCode.isError { receipt?.wasAcknowledged() }
      pump(connection, at: time)
    case .release:
      append(.receivedByClient(packetIdentifier: packet.packetIdentifier), of: session)
      account(session)
      release(packet.packetIdentifier, .success, on: connection, session)
    case .unknownIdentifier:
      // Only an unexpected PUBREC has an answer (MQTT 5.0 §3.6.2.1); the others may be late echoes.
      if type == .pubrec { release(packet.packetIdentifier, .packetIdentifierNotFound, on: connection, session) }
    }
  }

  private func release(
    _ packetIdentifier: UInt16, _ reason: ReasonCode, on connection: ClientConnection, _ session: ClientSession
  ) {
    if session.isPersistent && !isCommitted {
      unheldEffects.append(.release(connection, packetIdentifier: packetIdentifier, reason))
    } else {
      writeAcknowledgement(.pubrel, packetIdentifier, reason, to: connection)
    }
  }

  /// Whether nothing of the current read, and of those before it, waits for a commit.
  var isCommitted: Bool { heldEffects.isEmpty && isAppendedCommitted }

  private var isAppendedCommitted: Bool { appendedInRead <= broker.commitQueue.committed }
}
