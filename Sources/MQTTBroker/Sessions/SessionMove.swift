/// A session on its way from one event loop to another.
///
/// Its old loop keeps gathering messages for it until every loop has said that it sends there no more; the new one keeps
/// what comes early. So the order of messages survives the move.
final class SessionMove: Sendable {
  let subscriber: Subscriber
  let from: Int
  let heir: ClientClaim

  init(subscriber: Subscriber, from: Int, heir: ClientClaim) {
    self.subscriber = subscriber
    self.from = from
    self.heir = heir
  }
}

/// A session between two shards.
///
/// Unchecked, because the shard that posts it has dropped every reference and the one that takes it is the only owner;
/// the mailbox's lock orders the two.
struct SessionParcel: @unchecked Sendable {
  let session: ClientSession
}
