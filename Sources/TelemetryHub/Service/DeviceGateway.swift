import DeviceManagement
import Durability
import HubDatabase
import MQTTBroker
import MQTTProtocol
import TelemetryIngest
import TimeSeriesStorage

/// What one event loop does with messages on the hub's own topics: telemetry to the store, results to the command
/// center, requests answered.
final class DeviceGateway: MessageSink {
  let pipeline: IngestPipeline
  let registry: DeviceRegistry
  let commands: CommandCenter
  let dispatcher: CommandDispatcher
  let broker: Broker
  let database: HubDatabase
  let floods: SeriesFloodLog

  /// Devices that sent telemetry in the current read.
  private var touched: [TelemetryNote] = []

  init(
    services: HubServices, broker: Broker, dispatcher: CommandDispatcher, database: HubDatabase,
    floods: SeriesFloodLog
  ) {
    pipeline = IngestPipeline(
      store: services.store, deadLetters: services.deadLetters, counters: services.ingestCounters,
      limits: services.ingestLimits)
    registry = services.registry
    commands = services.commands
    self.dispatcher = dispatcher
    self.broker = broker
    self.database = database
    self.floods = floods
  }

  // MARK: Messages

  func received(
    _ publish: IncomingPublish, on topic: DeviceTopic, entry: TopicEntry, from client: ClientConnection?,
    at time: BrokerTime
  ) -> PublishAnswer {
    switch topic.suffix {
    case .telemetry, .telemetryMetric:
      urgency = urgency.joined(with: client == nil ? .immediate : publish.qos == .atMostOnce ? .relaxed : .deferrable)
      return receivedTelemetry(publish, on: topic, entry: entry, at: time)
    case .attributes:
      return keepFact(of: topic.device, publish, entry: entry, at: time) { payload throws(RegistryError) in
        try registry.setAttributes(device: topic.device, payload: payload, now: time.wall)
      }
    case .status:
      return keepFact(of: topic.device, publish, entry: entry, at: time) { payload throws(RegistryError) in
        try registry.setStatus(device: topic.device, payload: payload, now: time.wall)
      }
    case .commandResult(let id):
      return receivedResult(of: id, publish, on: topic, entry: entry, at: time)
    case .commandsNext:
      return receivedNext(publish, on: topic, entry: entry, from: client, at: time)
    case .time:
      return receivedTimeRequest(publish, on: topic, from: client, at: time)
    case .commandsSend:
      return PublishAnswer(
        .implementationSpecificError, "commands by MQTT are not served; POST /v1/devices/\(topic.device)/commands is")
    case .reported, .desired, .presence, .commands, .commandsNextResponse, .timeResponse:
      return .success
    }
  }

  private func receivedTelemetry(
    _ publish: IncomingPublish, on topic: DeviceTopic, entry: TopicEntry, at time: BrokerTime
  ) -> PublishAnswer {
    let note: TelemetryNote
    if let known = entry.note as? TelemetryNote {
      note = known
    } else {
      do throws(IngestRefusal) {
        note = try makeNote(for: topic, at: time)
        entry.note = note
      } catch {
        return deadLetter(publish, entry: entry, .deviceRefused(error), code: .quotaExceeded, at: time)
      }
    }
    if !note.isTouched {
      note.isTouched = true
      touched.append(note)
    }
    let result =
      switch note.metricLevels {
      case nil:
        entry.topic.withUnsafeBytes {
          pipeline.ingestJSON(publish.payload, from: note.device, topic: $0, receivedAt: time.wall)
        }
      case .some(let levels):
        entry.topic.withUnsafeBytes { topic in
          levels.withUnsafeBytes { levels in
            pipeline.ingestValue(
              publish.payload, metricLevels: levels, from: note.device, topic: topic, receivedAt: time.wall)
          }
        }
      }
    note.counts.messages += 1
    switch result {
    case .accepted(let readings, let skipped):
      note.counts.readings += readings
      note.counts.skipped += skipped
      return .success
    case .deadLetter(let reason):
      note.counts.deadLetters += 1
      return PublishAnswer(.payloadFormatInvalid, reason.description)
    }
  }

  private func makeNote(for topic: DeviceTopic, at time: BrokerTime) throws(IngestRefusal) -> TelemetryNote {
    let name = Array(topic.device.utf8)
    let device = try name.withUnsafeBytes { bytes in
      Result { () throws(IngestRefusal) in try pipeline.device(named: bytes) }
    }.get()
    var levels: [UInt8]?
    if case .telemetryMetric(let metric) = topic.suffix { levels = metric }
    return TelemetryNote(
      device: device, metricLevels: levels, activity: registry.activity(of: topic.device, now: time.wall))
  }

  private func keepFact(
    of device: String, _ publish: IncomingPublish, entry: TopicEntry, at time: BrokerTime,
    _ keep: ([UInt8]) throws(RegistryError) -> Void
  ) -> PublishAnswer {
    do throws(RegistryError) {
      let payload = Array(publish.payload)
      try keep(payload)
      appended = broker.commitQueue.append(.device(name: device, fact: payload), urgency: .immediate)
      return .success
    } catch {
      return deadLetter(publish, entry: entry, .notUnderstood(error.words), at: time)
    }
  }

  private func receivedResult(
    of id: String, _ publish: IncomingPublish, on topic: DeviceTopic, entry: TopicEntry, at time: BrokerTime
  ) -> PublishAnswer {
    let payload = Array(publish.payload)
    let outcome = commands.receivedResult(device: topic.device, id: id, payload: payload, now: time.wall)
    switch outcome {
    case .recorded(let state):
      appended = broker.commitQueue.append(.command(id: id, state: Array(state.rawValue.utf8)), urgency: .immediate)
      return .success
    case .ignored, .noSuchCommand:
      // The device can do nothing about it: an error would only make it try again.
      return .success
    case .unreadable(let reason):
      return deadLetter(publish, entry: entry, .notUnderstood(reason), at: time)
    }
  }

  private func receivedNext(
    _ publish: IncomingPublish, on topic: DeviceTopic, entry: TopicEntry, from client: ClientConnection?,
    at time: BrokerTime
  ) -> PublishAnswer {
    let request: NextCommandsRequest
    do throws(JSONError) {
      request = try NextCommandsRequest(parsing: Array(publish.payload), limits: commands.limits)
    } catch {
      return deadLetter(publish, entry: entry, .notUnderstood(error.description), at: time)
    }
    guard
      let replyTopic = ReplyTopic.topic(
        for: publish, from: client, device: topic.device, standard: "commands/next/response")
    else { return Self.foreignResponseTopic }
    let taken = commands.takeQueued(for: topic.device, max: request.maximum, by: .answerToNext, now: time.wall)
    let payload = Command.answerToNext(taken, retryAfterSeconds: Self.retryAfterSeconds, now: time.wall)
    var receipt: DeliveryReceipt?
    if !taken.isEmpty {
      receipt = dispatcher.receipt(
        for: taken, addressee: client?.subscriberID.map { .connection($0) } ?? .exactSubscribers)
    }
    answer(
      on: replyTopic, to: publish, payload: payload, receipt: receipt,
      notBefore: max(dispatcher.committedSent(taken), dispatcher.lastCommittedSent))
    return .success
  }

  /// What `commands/next` tells a device that got an empty list to wait before it asks again.
  private static let retryAfterSeconds = 30

  private func receivedTimeRequest(
    _ publish: IncomingPublish, on topic: DeviceTopic, from client: ClientConnection?, at time: BrokerTime
  ) -> PublishAnswer {
    guard
      let replyTopic = ReplyTopic.topic(for: publish, from: client, device: topic.device, standard: "time/response")
    else { return Self.foreignResponseTopic }
    answer(on: replyTopic, to: publish, payload: Array("{\"time\":\(time.wall)}".utf8))
    return .success
  }

  private static let foreignResponseTopic = PublishAnswer(
    .notAuthorized, "the Response Topic is one that this client may not publish on")

  private func answer(
    on topic: [UInt8], to request: IncomingPublish, payload: [UInt8], receipt: DeliveryReceipt? = nil,
    notBefore: CommitSequence = .none
  ) {
    var message = HubPublish(
      topic: topic, payload: payload,
      properties: [.payloadFormatIndicator(1), .contentType("application/json")], receipt: receipt)
    if let data = request.correlationData { message.properties.append(.correlationData(Array(data))) }
    message.notBefore = notBefore
    broker.publish(message)
  }

  private func deadLetter(
    _ publish: IncomingPublish, entry: TopicEntry, _ letter: DeadLetterReason,
    code: ReasonCode = .payloadFormatInvalid, at time: BrokerTime
  ) -> PublishAnswer {
    entry.topic.withUnsafeBytes {
      pipeline.recordDeadLetter(
        publish.payload, device: entry.deviceName, topic: $0, reason: letter, receivedAt: time.wall)
    }
    if let device = entry.deviceName {
      registry.activity(of: device, now: time.wall)?.add(DeviceCounts(deadLetters: 1), now: time.wall)
    }
    hasDeadLetters = true
    return PublishAnswer(code, letter.description)
  }

  // MARK: The end of a read

  private var appended = CommitSequence.none
  /// How soon the readings of the current read want to be on disk.
  private var urgency = CommitUrgency.relaxed
  /// Counters move with a flush, also where there is nothing to store.
  private var hasDeadLetters = false

  func endedRead(at time: BrokerTime) -> CommitSequence {
    if !touched.isEmpty {
      for note in touched {
        if note.device.unreported.withoutSeries > 0 { floods.noticed(note.device.name, at: time) }
        note.report(at: time)
      }
      touched.removeAll(keepingCapacity: true)
    }
    var sequence = appended
    appended = .none
    if pipeline.pendingReadings > 0 || hasDeadLetters {
      hasDeadLetters = false
      let stored = pipeline.flush(receivedAt: time.wall) { batch in
        // The shard wakes the database at the end of the event.
        database.append(batch, receivedAt: time.wall, urgency: urgency, wakes: false)
      }
      // Nobody waits for readings that came by QoS 0 alone, and nothing else of the read should.
      if let stored, urgency != .relaxed { sequence = max(sequence, stored) }
      urgency = .relaxed
    }
    return sequence
  }

  // MARK: Connections

  func connected(_ client: ClientConnection, at time: BrokerTime) {
    guard let device = client.principal.deviceName else { return }
    registry.connected(
      device: device,
      connection: DeviceConnection(
        clientIdentifier: client.clientIdentifier, protocolName: client.version.displayName, since: time.wall))
  }

  func disconnected(_ client: ClientConnection, because reason: DisconnectReason, at time: BrokerTime) {
    if let note = client.note as? ListenerNote, let id = client.subscriberID {
      for device in note.devices { stopListening(id, to: device, at: time) }
    }
    guard let device = client.principal.deviceName else { return }
    registry.disconnected(
      device: device, clientIdentifier: client.clientIdentifier, reason: reason.words, now: time.wall)
  }

  func subscribed(_ client: ClientConnection, to topic: DeviceTopic, qos: QoS, at time: BrokerTime) {
    guard topic.suffix == .commands, let id = client.subscriberID else { return }
    let note = client.note as? ListenerNote ?? ListenerNote()
    note.devices.insert(topic.device)
    client.note = note
    registry.awaitsCommands(true, device: topic.device, now: time.wall)
    dispatcher.beganListening(id, to: topic.device)
  }

  func unsubscribed(_ client: ClientConnection, from topic: DeviceTopic, at time: BrokerTime) {
    guard topic.suffix == .commands, let id = client.subscriberID else { return }
    (client.note as? ListenerNote)?.devices.remove(topic.device)
    stopListening(id, to: topic.device, at: time)
  }

  private func stopListening(_ id: SubscriberID, to device: String, at time: BrokerTime) {
    if !dispatcher.endedListening(id, to: device) {
      registry.awaitsCommands(false, device: device, now: time.wall)
    }
  }
}
