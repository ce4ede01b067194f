import DequeModule
import Durability
import MQTTProtocol

/// What leaves, or happens, only after the commit of what caused it.
enum HeldEffect {
  /// PUBACK, PUBCOMP, or PUBREC with an error.
  case acknowledge(ClientConnection, PacketType, packetIdentifier: UInt16, PublishAnswer)
  /// PUBREC of a QoS 2 message, which goes to its subscribers in that moment.
  case receive(ClientConnection, ClientSession, packetIdentifier: UInt16, StoredMessage)
  /// A QoS 2 message to a durable session whose Packet Identifier had to be durable first.
  case deliver(ClientConnection, ClientSession, packetIdentifier: UInt16, order: UInt64)
  /// PUBREL.
  case release(ClientConnection, packetIdentifier: UInt16, ReasonCode)
  /// SUBACK or UNSUBACK.
  case send(ClientConnection, ControlPacket)
  /// CONNACK.
  case accept(ClientConnection, ConnackPacket)
  /// The end of a connection whose client sends nothing more.
  case lose(ClientConnection)
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
    let readings = sink.endedRead(at: time)
    // Behind the readings: of a QoS 2 publish that is known they are never missing.
    appendChanges(at: time)
    let sequence = max(readings, appendedInRead)
    appendedInRead = .none
    releaseHeld(at: time)
    guard !unheldEffects.isEmpty else { return }
    // What was performed may have brought more.
    appendChanges(at: time)
    // Effects keep their order, so whatever follows a held one waits for it too.
    lastHeldSequence = max(lastHeldSequence, sequence, appendedInRead)
    appendedInRead = .none
    var effects: [HeldEffect] = []
    swap(&effects, &unheldEffects)
    if heldEffects.isEmpty && lastHeldSequence <= broker.commitQueue.committed {
      perform(effects, at: time)
      releaseHeld(at: time)
    } else {
      for effect in effects { hold(effect) }
    }
    // The array is used again for the next read.
    effects.removeAll(keepingCapacity: true)
    if unheldEffects.isEmpty { swap(&effects, &unheldEffects) }
  }

  /// Releases what waited for commits that have been made.
  private func releaseHeld(at time: BrokerTime) {
    while let first = heldEffects.first, first.sequence <= broker.commitQueue.committed {
      let committed = broker.commitQueue.committed
      var due: [HeldEffect] = []
      while let held = heldEffects.first, held.sequence <= committed {
        heldEffects.removeFirst()
        released(held.effect)
        due.append(held.effect)
      }
      perform(due, at: time)
    }
  }

  /// Performs effects in their order. From the first on that has to wait for a further commit all wait; but QoS 2
  /// messages go to their subscribers, so that they need one more commit together and not each.
  private func perform(_ effects: [HeldEffect], at time: BrokerTime) {
    var waiting: [HeldEffect] = []
    for effect in effects {
      switch effect {
      case .receive(let connection, let session, let packetIdentifier, let message):
        let pubrec = receive(message, packetIdentifier, on: connection, session, at: time)
        if waiting.isEmpty, !hasAwaitedChanges, isAppendedCommitted {
          perform(pubrec, at: time)
        } else {
          waiting.append(pubrec)
        }
      default:
        if waiting.isEmpty { perform(effect, at: time) } else { waiting.append(effect) }
      }
    }
    guard !waiting.isEmpty else { return }
    appendChanges(at: time)
    lastHeldSequence = max(lastHeldSequence, appendedInRead)
    // Whatever follows keeps its place behind.
    for effect in waiting.reversed() { hold(effect, first: appendedInRead) }
  }

  /// Gives a QoS 2 message to its subscribers; returns the answer to its publisher.
  ///
  /// That it was given is recorded with what it was given to, so that after a crash it goes to all of them or to none.
  private func receive(
    _ message: StoredMessage, _ packetIdentifier: UInt16, on connection: ClientConnection, _ session: ClientSession,
    at time: BrokerTime
  ) -> HeldEffect {
    let answer = told(fanOut(message, isRefusable: connection.version == .v5, at: time), connection)
    if session.slot >= 0 {
      if answer.reason.isError {
        // Also where the connection is lost: the client would be told on the next one that it arrived.
        refusedPublish(packetIdentifier, of: session)
        if session.isDurable { record(.released(session: session.number, packetIdentifier: packetIdentifier)) }
      } else if session.isDurable {
        record(.delivered(session: session.number, packetIdentifier: packetIdentifier))
      }
    }
    return .acknowledge(connection, .pubrec, packetIdentifier: packetIdentifier, answer)
  }

  private func perform(_ effect: HeldEffect, at time: BrokerTime) {
    switch effect {
    case .acknowledge(let connection, let type, let packetIdentifier, let answer):
      acknowledge(type, packetIdentifier, answer, to: connection)
    case .receive:
      preconditionFailure("BUG: a QoS 2 message goes to its subscribers before its PUBREC")
    case .deliver(let connection, let session, let packetIdentifier, let order):
      // Its client may have come back since, and gets it on its new connection.
      guard session.connection === connection, !connection.isClosed else { return }
      session.outbound.mayBeWritten(packetIdentifier, order: order)
      pump(connection, at: time)
    case .release(let connection, let packetIdentifier, let reason):
      if !connection.isClosed { writeAcknowledgement(.pubrel, packetIdentifier, reason, to: connection) }
    case .send(let connection, let packet):
      if !connection.isClosed { write(packet, to: connection) }
    case .accept(let connection, let connack):
      accept(connection, connack, at: time)
    case .lose(let connection):
      end(connection, because: .connectionLost, publishesWill: true, at: time)
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
      if session.isDurable { record(.released(session: session.number, packetIdentifier: packetIdentifier)) }
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
    case .completed(let receipt, let recorded):
      recordEnd(recorded, of: session.number)
      if !packet.reasonCode.isError { receipt?.wasAcknowledged() }
      pump(connection, at: time)
    case .release(let recorded):
      if let recorded {
        record(
          .receivedByClient(session: session.number, serial: recorded.serial, message: recorded.message))
      }
      account(session)
      release(packet.packetIdentifier, .success, on: connection, session, at: time)
    case .unknownIdentifier:
      // Only an unexpected PUBREC has an answer (MQTT 5.0 §3.6.2.1); the others may be late echoes.
      if type == .pubrec {
        release(packet.packetIdentifier, .packetIdentifierNotFound, on: connection, session, at: time)
      }
    }
  }

  private func release(
    _ packetIdentifier: UInt16, _ reason: ReasonCode, on connection: ClientConnection, _ session: ClientSession,
    at time: BrokerTime
  ) {
    if session.isDurable && !isCommitted(at: time) {
      unheldEffects.append(.release(connection, packetIdentifier: packetIdentifier, reason))
    } else {
      writeAcknowledgement(.pubrel, packetIdentifier, reason, to: connection)
    }
  }

  /// Whether nothing of the current read, and of those before it, waits for a commit.
  func isCommitted(at time: BrokerTime) -> Bool {
    guard heldEffects.isEmpty, unheldEffects.isEmpty, isAppendedCommitted else { return false }
    appendChanges(at: time)
    return isAppendedCommitted
  }

  private var isAppendedCommitted: Bool { appendedInRead <= broker.commitQueue.committed }
}
