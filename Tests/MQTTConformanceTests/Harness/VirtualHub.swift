import Durability
import MQTTBroker
import MQTTProtocol

/// A broker whose event loops and clock the test plays, for statements about time and about several event loops.
final class VirtualHub {
  let broker: Broker
  let shards: [BrokerShard]
  private(set) var time = BrokerTime(monotonic: 1_000_000, wall: 1_700_000_000_000)

  init(limits: BrokerLimits = BrokerLimits(), shards count: Int = 1) {
    let broker = Broker(limits: limits, shardCount: count, commitQueue: MemoryCommitQueue())
    self.broker = broker
    shards = (0..<count).map { BrokerShard(broker: broker, index: $0, sink: QuietSink()) }
  }

  /// Lets seconds pass, one by one as the server's tick does.
  func advance(seconds: Int64) {
    for _ in 0..<seconds { advance(milliseconds: 1_000) }
  }

  func advance(milliseconds: Int64) {
    time.monotonic += milliseconds
    time.wall += milliseconds
    for shard in shards { shard.timePassed(to: time) }
    run()
  }

  /// Hands over what event loops have sent each other, until nothing more moves.
  func run() {
    // A hand-over of a session between loops takes the most rounds.
    for _ in 0..<(shards.count == 1 ? 2 : 8) {
      for shard in shards { shard.drainMailbox(at: time) }
    }
  }

  func open(version: ProtocolVersion = .v5, shard: Int = 0) -> VirtualClient {
    VirtualClient(self, version: version, shard: shard)
  }

  /// A client whose CONNECT was handled; the answer is in `VirtualClient.connack`.
  func connect(
    _ identifier: String, version: ProtocolVersion = .v5, shard: Int = 0, clean: Bool = true, keepAlive: UInt16 = 0,
    will: Will? = nil, properties: Properties = []
  ) -> VirtualClient {
    let client = open(version: version, shard: shard)
    client.send(
      .connect(
        ConnectPacket(
          version: version, cleanStart: clean, keepAlive: keepAlive, clientIdentifier: identifier, will: will,
          properties: properties)))
    return client
  }
}
