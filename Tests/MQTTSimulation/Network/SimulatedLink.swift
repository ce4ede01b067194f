/// One network connection: what is on its way in both directions, and which ends are still there.
final class SimulatedLink {
  let id: Int
  let client: Int
  let shard: Int
  /// From the client to the server.
  var up = ByteQueue()
  var isUpPlanned = false
  /// The client's end of the stream follows the bytes.
  var upEnds = false
  /// From the server to the client.
  var down = ByteQueue()
  var isDownPlanned = false
  var downEnds = false
  /// Nothing goes through any more, and neither side is told.
  var isCut = false
  /// The client takes bytes.
  var isClientReading = true
  /// The client has closed its socket, or knows that the server has.
  var isClientGone = false
  /// The server has closed its socket, or knows that the client has.
  var isServerGone = false
  var isDrainPlanned = false

  init(id: Int, client: Int, shard: Int) {
    self.id = id
    self.client = client
    self.shard = shard
  }
}
