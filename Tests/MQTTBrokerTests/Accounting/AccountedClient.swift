import MQTTProtocol

@testable import MQTTBroker

/// A client of an accounted world.
final class AccountedClient {
  let client: TestClient
  private let network: TestBroker
  private let shard: BrokerShard

  init(_ network: TestBroker, shard: Int) {
    self.network = network
    self.shard = network.shards[shard]
    client = network.open(shard: shard)
  }

  var output: RecordingOutput { client.output }
  var version: ProtocolVersion { client.connection.version }

  /// The socket takes nothing more.
  func takesNothing() {
    output.takesOutput = false
    output.isFull = true
  }

  /// The socket takes what waits, and all that comes; the hub does not know yet.
  func takesAll() {
    output.takesOutput = true
    output.isFull = false
    output.pendingBytes = 0
    output.flush()
  }

  func drained() {
    shard.outputDrained(client.connection, at: network.time)
    network.run()
  }

  func lost(drains: Bool = true) { client.lost(drains: drains) }
}
