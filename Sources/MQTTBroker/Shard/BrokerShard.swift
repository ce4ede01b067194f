import DequeModule
import Durability
package import MQTTProtocol

/// One event loop's part of the broker: its connections, and every decision about them. No I/O and no clock: events
/// come in by methods, answers leave through `ConnectionOutput`, other loops are reached through their mailboxes.
///
/// Not Sendable: used on its loop only.
package final class BrokerShard {
  package let broker: Broker
  package let index: Int
  let sink: any MessageSink
  let limits: BrokerLimits

  var statistics = BrokerStatistics()

  var connections: [ClientConnection?] = []
  var freeSlots: [Int] = []
  var sessions: [ClientSession?] = []
  var freeSessionSlots: [Int] = []
  /// The first moment at which a session without its client has something due.
  var nextSessionDeadline = Int64.max
  var topics: TopicTable
  let routeBudget: RouteBudget
  /// Claims of this loop that wait for the one before them, with who waits for them in turn.
  var awaited: [UInt64: Heir?] = [:]
  /// Claims that were granted and are being settled.
  var grants: Deque<(claim: ClientClaim, session: ClientSession?)> = []
  /// Sessions that are leaving this loop, with the loops that have yet to say that they send here no more.
  var departures: [SubscriberID: Departure] = [:]
  /// Sessions of before a restart that have not gone on yet.
  var restored: [RestoredParcel] = []
  /// What came for sessions that are still on their way here.
  var arrivals: [SubscriberID: Arrivals] = [:]
  var subscriptions = SubscriptionTree()
  var subscriptionsVersion: UInt64 = 0

  /// What the biggest user of memory has here, as far as the others know.
  var largestUser = 0
  /// Who loses a connection, or a session, to the limit of all clients' memory when the current event ends.
  var condemned: [Condemned] = []
  /// Until when there is nothing to shed here (`BrokerTime.monotonic`), unless more than this is unsent.
  var nothingToShed: (until: Int64, unsentBytes: Int)?

  /// What is to be appended to the commit queue, together, and whether some answer waits for it.
  var changes: [BrokerChange] = []
  var hasAwaitedChanges = false
  /// What the current read caused and its commit must precede.
  var unheldEffects: [HeldEffect] = []
  /// Whether the read appended something to the commit queue by itself.
  var appendedInRead = CommitSequence.none
  var heldEffects: Deque<(sequence: CommitSequence, effect: HeldEffect)> = []
  var lastHeldSequence = CommitSequence.none

  var unflushed: [ClientConnection] = []
  /// Bytes of messages written to those.
  var unflushedBytes = 0
  /// Accepted after a wait; to be read from again.
  var resuming: [ClientConnection] = []
  /// The place of whoever published in the current read; -1 where nobody did.
  var publisherSlot = -1
  /// Publishers that are not read from until the commit queue has room.
  var awaitingCommitRoom: [ClientConnection] = []
  /// Taken out of the mailbox and not handled yet.
  var mail: Deque<ShardMessage> = []
  /// What this event may still look at for new subscriptions (`retainedStepsPerEvent`), and who has more to come.
  var retainedSteps: Int
  var awaitingTurn: Deque<ClientConnection> = []
  var outboxes: [ShardOutbox]
  var hasOutgoing = false
  var hubPublishes: Deque<HubPublish> = []
  var isPublishing = false

  package init(broker: Broker, index: Int, sink: any MessageSink) {
    self.broker = broker
    self.index = index
    self.sink = sink
    limits = broker.limits
    retainedSteps = broker.limits.retainedStepsPerEvent
    topics = TopicTable(
      limit: broker.limits.maximumInternedTopics, maximumTopicBytes: broker.limits.maximumInternedTopicBytes)
    routeBudget = RouteBudget(limit: broker.limits.maximumCachedRouteTargets)
    outboxes = Array(repeating: ShardOutbox(), count: broker.shardCount)
    takeRestored()
  }

  package var mailbox: ShardMailbox { broker.mailboxes[index] }

  // MARK: Events of the network

  /// A network connection was accepted on this loop; `listener` is where, nil for one without limits of its own.
  package func opened(
    output: any ConnectionOutput, listener: ListenerLimits? = nil, at time: BrokerTime
  ) -> ClientConnection {
    continueRestored(at: time)
    let slot = freeSlots.popLast() ?? connections.count
    if slot == connections.count { connections.append(nil) }
    let connection = ClientConnection(
      slot: slot, shardIndex: index, listener: listener ?? ListenerLimits(name: "mqtt", limits: limits),
      output: output, openedAt: time.monotonic, connectTimeout: limits.connectTimeout)
    connections[slot] = connection
    statistics.connections += 1
    broker.connectionCountChanged(by: 1)
    statistics.connectionsTotal += 1
    statistics.maximumConnectionsSeen = max(statistics.maximumConnectionsSeen, broker.connectionCount)
    return connection
  }

  /// A control packet other than PUBLISH came.
  package func received(_ packet: ControlPacket, on connection: ClientConnection, at time: BrokerTime) {
    statistics.packetsReceived += 1
    if case .connect(let connect) = packet {
      receivedConnect(connect, on: connection, at: time)
      return
    }
    switch connection.lifecycle.receivedPacket(at: time.monotonic) {
    case .ignore: return
    case .refuseFirstPacket: refuse(connection, .protocolError, at: time)
    case .handle: handle(packet, on: connection, at: time)
    }
  }

  private func handle(_ packet: ControlPacket, on connection: ClientConnection, at time: BrokerTime) {
    guard let session = connection.session else { return }
    switch packet {
    case .puback(let puback):
      let action = session.outbound.receivedPuback(puback.packetIdentifier)
      acknowledged(action, by: .puback, puback, on: connection, session, at: time)
    case .pubrec(let pubrec):
      let action = session.outbound.receivedPubrec(pubrec.packetIdentifier, isError: pubrec.reasonCode.isError)
      acknowledged(action, by: .pubrec, pubrec, on: connection, session, at: time)
    case .pubcomp(let pubcomp):
      let action = session.outbound.receivedPubcomp(pubcomp.packetIdentifier)
      acknowledged(action, by: .pubcomp, pubcomp, on: connection, session, at: time)
    case .pubrel(let pubrel):
      receivedPubrel(pubrel.packetIdentifier, on: connection, session)
    case .subscribe(let subscribe):
      receivedSubscribe(subscribe, on: connection, session, at: time)
    case .unsubscribe(let unsubscribe):
      receivedUnsubscribe(unsubscribe, on: connection, session, at: time)
    case .pingreq:
      write(.pingresp, to: connection)
    case .disconnect(let disconnect):
      receivedDisconnect(disconnect, on: connection, session, at: time)
    case .connect, .publish, .connack, .suback, .unsuback, .pingresp:
      // CONNECT and PUBLISH have their own ways in; the others only a server sends.
      refuse(connection, .protocolError, at: time)
    case .auth:
      // No Authentication Method was agreed in CONNECT [MQTT-4.12.0-6].
      refuse(connection, .protocolError, at: time)
    }
  }

  /// Bytes that are not a packet came.
  package func received(_ error: MQTTDecodeError, on connection: ClientConnection, at time: BrokerTime) {
    refuse(connection, error.reasonCode, at: time)
  }

  /// All packets of one read were handed over: what they caused is stored, acknowledged and sent.
  package func endedRead(at time: BrokerTime) {
    settle(at: time)
    if publisherSlot >= 0 { pausePublisherIfFull() }
  }

  /// The client sends nothing more and may still read: its connection is lost once it has been answered.
  package func inputEnded(_ connection: ClientConnection, at time: BrokerTime) {
    guard !connection.isClosed, hasEffects(of: connection) else {
      closed(connection, at: time)
      return
    }
    unheldEffects.append(.lose(connection))
    settle(at: time)
  }

  /// The network connection ended, or cannot go on.
  package func closed(_ connection: ClientConnection, at time: BrokerTime) {
    end(connection, because: .connectionLost, publishesWill: true, at: time)
    settle(at: time)
  }

  /// The socket took what had waited.
  package func outputDrained(_ connection: ClientConnection, at time: BrokerTime) {
    guard connection.isConnected else { return }
    connection.fullSince = nil
    connection.lifecycle.heard(at: time.monotonic)
    pump(connection, at: time)
    settle(at: time)
  }

  /// Messages of other threads came, a commit was made, or it is the turn of what was left undone.
  package func drainMailbox(at time: BrokerTime) {
    continueRestored(at: time)
    resumePublishers()
    takeMail(atMost: limits.deliveriesPerTurn, at: time)
    takeTurns(at: time)
    settle(at: time)
  }

  private func takeMail(atMost limit: Int, at time: BrokerTime) {
    // All of it, so that the mailbox wakes again for what comes next.
    mail.append(contentsOf: mailbox.takeAll())
    var (deliveries, count, bytes) = (0, 0, 0)
    defer { mailbox.handled(count, byteCount: bytes) }
    while deliveries < limit, let message = mail.popFirst() {
      deliveries += 1
      count += 1
      bytes += message.byteCount
      switch message {
      case .deliver(let message, let target, let serial): deliver(message, to: target, serial, at: time)
      case .fanOut(let message, let targets, let firstSerial):
        deliveries += targets.count
        for (place, target) in targets.enumerated() {
          let isRecorded = firstSerial != 0 && target.isRecorded(at: message.qos)
          deliver(message, to: target, isRecorded ? firstSerial + UInt64(place) : 0, at: time)
        }
      case .claim(let former, let heir): yield(former, to: heir, at: time)
      case .grant(let claim, let parcel): granted(claim, parcel?.session, at: time)
      case .fence(let move): post(.fenced(move), to: move.from)
      case .fenced(let move): fenced(move, at: time)
      case .giveWaiting(let group, let target, let room): giveWaiting(of: group, to: target, room, at: time)
      case .handOn(let message, let target, let serial, let former):
        handedOn(message, to: target, serial, from: former, at: time)
      case .shed(let bytes): shed(bytes: bytes, at: time)
      case .publish(let publish): hubPublishes.append(publish)
      }
    }
  }

  /// Publishes from the loop itself, e.g. the sink's answers; goes out before the current event ends.
  package func publish(_ message: HubPublish) {
    hubPublishes.append(message)
  }

  /// The hub stops: wills are published, those that were put off too; then every connection is told and closed.
  package func shutDown(at time: BrokerTime) {
    // Sessions that have just arrived have wills too.
    takeMail(atMost: .max, at: time)
    for case .some(let session) in sessions + departures.values.map(\.session) { publishWill(of: session, at: time) }
    settle(at: time)
    for case .some(let connection) in connections {
      if connection.isConnected { sendDisconnect(.serverShuttingDown, to: connection) }
      end(connection, because: .serverShuttingDown, publishesWill: false, at: time)
    }
    settle(at: time)
  }

  // MARK: The end of every event

  /// Brings what an event caused to rest: hub messages are published, readings stored, effects released or held,
  /// other loops woken, output flushed.
  func settle(at time: BrokerTime) {
    performHubPublishes(at: time)
    releaseEffects(at: time)
    // What a release fans out may have come from the hub too; the sink may answer it.
    while !hubPublishes.isEmpty || !unheldEffects.isEmpty || !condemned.isEmpty {
      endCondemned(at: time)
      performHubPublishes(at: time)
      releaseEffects(at: time)
    }
    // Before other loops act on it, so that what they record comes behind.
    appendChanges(at: time)
    if hasOutgoing {
      hasOutgoing = false
      for shard in outboxes.indices where !outboxes[shard].messages.isEmpty {
        broker.mailboxes[shard].post(outboxes[shard])
        outboxes[shard].removeAll()
      }
    }
    endTurn()
    flushAll()
    // Behind what goes out at once: whoever waits for the commit waits for the disk anyway.
    broker.commitQueue.wake()
    broker.publish(statistics, of: index)
    resumeReading()
  }

  /// Gives every socket what was written to it.
  func flushAll() {
    for connection in unflushed {
      connection.needsFlush = false
      connection.output.flush()
    }
    unflushed.removeAll(keepingCapacity: true)
    unflushedBytes = 0
  }

  /// Reads on where CONNACK was waited for; last, because what was read meanwhile is handed over in it.
  private func resumeReading() {
    while let connection = resuming.popLast() { connection.output.resumeReading() }
  }

  /// Bytes went over a socket of this loop.
  package func bytesMoved(received: Int = 0, sent: Int = 0) {
    statistics.bytesReceived += received
    statistics.bytesSent += sent
  }

  func performHubPublishes(at time: BrokerTime) {
    while let publish = hubPublishes.popFirst() { perform(publish, at: time) }
  }

  func post(_ message: ShardMessage, to shard: Int) {
    outboxes[shard].append(message)
    hasOutgoing = true
  }

  @inline(__always)
  func willFlush(_ connection: ClientConnection) {
    guard !connection.needsFlush else { return }
    connection.needsFlush = true
    unflushed.append(connection)
  }

  /// Writes a packet, unless it is larger than the client takes [MQTT-3.1.2-24].
  func write(_ packet: ControlPacket, to connection: ClientConnection) {
    guard
      connection.maximumPacketSize == MQTTLimits.maximumPacketLength
        || packet.encodedSize(version: connection.version) <= connection.maximumPacketSize
    else { return }
    statistics.packetsSent += 1
    connection.output.write(packet, version: connection.version)
    willFlush(connection)
  }

  func writeAcknowledgement(
    _ type: PacketType, _ packetIdentifier: UInt16, _ reason: ReasonCode, to connection: ClientConnection
  ) {
    statistics.packetsSent += 1
    connection.output.writeAcknowledgement(
      type, packetIdentifier: packetIdentifier, reasonCode: reason, version: connection.version)
    willFlush(connection)
  }
}
