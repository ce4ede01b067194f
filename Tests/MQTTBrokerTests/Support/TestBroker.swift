import Durability
import MQTTBroker
import MQTTProtocol
import Synchronization

/// A sink that notes what it is told, and answers as the test says.
final class RecordingSink: MessageSink {
  var events: [String] = []
  var answer = PublishAnswer.success
  /// Appends something to the commit queue for every message, as a store would.
  var isDurable = false
  let commitQueue: any CommitQueue
  private var appended = CommitSequence.none

  init(commitQueue: any CommitQueue) { self.commitQueue = commitQueue }

  func received(
    _ publish: IncomingPublish, on topic: DeviceTopic, entry: TopicEntry, from client: ClientConnection?,
    at time: BrokerTime
  ) -> PublishAnswer {
    events.append(
      "received \(String(decoding: entry.topic, as: UTF8.self)) \(String(decoding: publish.payload, as: UTF8.self))")
    if isDurable { appended = commitQueue.append(.device(name: topic.device, fact: []), urgency: .deferrable) }
    return answer
  }

  func endedRead(at time: BrokerTime) -> CommitSequence {
    defer { appended = .none }
    return appended
  }

  func connected(_ client: ClientConnection, at time: BrokerTime) {
    events.append("connected \(client.clientIdentifier)")
  }

  func disconnected(_ client: ClientConnection, because reason: DisconnectReason, at time: BrokerTime) {
    events.append("disconnected \(client.clientIdentifier) \(reason)")
  }

  func subscribed(_ client: ClientConnection, to topic: DeviceTopic, qos: QoS, at time: BrokerTime) {
    events.append("subscribed \(client.clientIdentifier) \(topic.device)/\(topic.suffix)")
  }

  func unsubscribed(_ client: ClientConnection, from topic: DeviceTopic, at time: BrokerTime) {
    events.append("unsubscribed \(client.clientIdentifier) \(topic.device)/\(topic.suffix)")
  }
}

/// A broker with its event loops played by the test: mailboxes are drained when `run` says so.
final class TestBroker {
  let broker: Broker
  let shards: [BrokerShard]
  let sinks: [RecordingSink]
  /// What was restored.
  let summary: RestoreSummary?
  private(set) var time: BrokerTime

  init(
    shards count: Int = 1, limits: BrokerLimits = BrokerLimits(), commitQueue: any CommitQueue = MemoryCommitQueue(),
    restoring state: RestoredState? = nil
  ) {
    let broker = Broker(limits: limits, shardCount: count, commitQueue: commitQueue)
    let start = BrokerTime(monotonic: 1_000_000, wall: 1_700_000_000_000)
    time = start
    summary = state.map { broker.restore($0, at: start) }
    let sinks = (0..<count).map { _ in RecordingSink(commitQueue: commitQueue) }
    self.broker = broker
    self.sinks = sinks
    shards = sinks.enumerated().map { BrokerShard(broker: broker, index: $0, sink: $1) }
  }

  var sink: RecordingSink { sinks[0] }

  /// Lets time pass without a tick.
  func passTime(milliseconds: Int64) {
    time.monotonic += milliseconds
    time.wall += milliseconds
  }

  func advance(milliseconds: Int64) {
    passTime(milliseconds: milliseconds)
    for shard in shards { shard.timePassed(to: time) }
    run()
  }

  /// Drains every mailbox until nothing more moves.
  func run() {
    for _ in 0..<8 {
      for shard in shards { shard.drainMailbox(at: time) }
    }
  }

  func open(shard: Int = 0) -> TestClient { TestClient(self, shard: shard) }

  /// A client that is connected, its CONNACK taken.
  func client(
    _ identifier: String, version: ProtocolVersion = .v5, shard: Int = 0, keepAlive: UInt16 = 0, will: Will? = nil,
    properties: Properties = []
  ) -> TestClient {
    let client = open(shard: shard)
    client.send(
      .connect(
        ConnectPacket(
          version: version, keepAlive: keepAlive, clientIdentifier: identifier, will: will, properties: properties)))
    _ = client.output.takeAll()
    return client
  }
}

/// A client, from the far side of the network.
final class TestClient {
  let output = RecordingOutput()
  let connection: ClientConnection
  private let network: TestBroker
  private let shard: BrokerShard

  init(_ network: TestBroker, shard index: Int) {
    self.network = network
    shard = network.shards[index]
    output.memory = network.broker.memory
    connection = shard.opened(output: output, at: network.time)
  }

  /// One packet in one read.
  func send(_ packet: ControlPacket, drains: Bool = true) {
    give(packet)
    shard.endedRead(at: network.time)
    if drains { network.run() }
  }

  /// Several packets in one read.
  func send(together packets: [ControlPacket]) {
    for packet in packets { give(packet) }
    shard.endedRead(at: network.time)
    network.run()
  }

  private func give(_ packet: ControlPacket) {
    guard case .publish = packet else {
      shard.received(packet, on: connection, at: network.time)
      return
    }
    let version = connection.version
    packet.encoded(version: version).withUnsafeBytes { raw in
      guard let header = try? PacketFraming.readHeader(raw, maximumPacketSize: MQTTLimits.maximumPacketLength),
        let view = try? PublishView.decode(
          header, body: UnsafeRawBufferPointer(rebasing: raw[header.length...]), version: version)
      else { return }
      shard.received(view, on: connection, at: network.time)
    }
  }

  func publish(
    _ topic: String, _ payload: String, qos: QoS = .atMostOnce, retain: Bool = false, id: UInt16 = 0,
    properties: Properties = []
  ) {
    send(.publish(Self.publish(topic, payload, qos: qos, retain: retain, id: id, properties: properties)))
  }

  static func publish(
    _ topic: String, _ payload: String, qos: QoS = .atMostOnce, retain: Bool = false, id: UInt16 = 0,
    properties: Properties = []
  ) -> PublishPacket {
    PublishPacket(
      topic: Array(topic.utf8), payload: Array(payload.utf8), qos: qos, retain: retain, packetIdentifier: id,
      properties: properties)
  }

  @discardableResult
  func subscribe(_ filters: String..., qos: QoS = .exactlyOnce, properties: Properties = []) -> [ReasonCode] {
    send(
      .subscribe(
        SubscribePacket(
          packetIdentifier: 1, subscriptions: filters.map { Subscription(filter: $0, qos: qos) },
          properties: properties)))
    for packet in output.packets {
      if case .suback(let suback) = packet { return suback.reasonCodes }
    }
    return []
  }

  func lost(drains: Bool = true) {
    shard.closed(connection, at: network.time)
    if drains { network.run() }
  }

  /// Messages since the last look, as `topic payload`.
  func takeMessages() -> [String] {
    output.takeAll().compactMap { packet in
      guard case .publish(let publish) = packet else { return nil }
      return String(decoding: publish.topic, as: UTF8.self) + " " + String(decoding: publish.payload, as: UTF8.self)
    }
  }
}
