/// One thing that happens in the simulated world, at one moment and on one event loop.
enum WorldEvent {
  /// A client does something of its own accord.
  case clientActs(client: Int)
  case clientConnects(client: Int)
  /// A client may have to say that it is alive.
  case clientKeepsAlive(client: Int, link: Int)
  /// A client that stopped reading goes on.
  case clientResumesReading(client: Int, link: Int)
  case clientReleasesAcknowledgements(client: Int, link: Int)
  /// A client notices that nothing comes through any more.
  case clientGivesUp(client: Int, link: Int)
  case bytesReachServer(link: Int)
  case bytesReachClient(link: Int)
  case socketDrains(link: Int)
  case drainMailbox(shard: Int)
  case tick(shard: Int)
  case commit
  case clockJumps
  /// The hub is killed and started again.
  case hubDies
}
