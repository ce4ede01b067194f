import Synchronization

/// A subscriber's identity in the subscription tree.
package struct SubscriberID: Hashable, Sendable {
  package let rawValue: UInt64
}

/// A session as other event loops know it: who it is, where it is, whether its client is there.
package final class Subscriber: Sendable {
  package let id: SubscriberID
  package let clientIdentifier: String
  /// Whether its session outlives its connection, and so a restart of the hub, unless its client wills otherwise later:
  /// then its deliveries are recorded. It cannot become so later, because only a session that is is ever resumed.
  let isDurable: Bool
  /// Slot in the low 32 bits, the event loop above, the highest bit set while connected. Written by the loop that has the session.
  private let state: Atomic<UInt64>

  private static let connectedBit: UInt64 = 1 << 63
  private static let noSlot: UInt64 = 0xFFFF_FFFF

  init(id: SubscriberID, clientIdentifier: String, isDurable: Bool, shard: Int, slot: Int?) {
    self.id = id
    self.clientIdentifier = clientIdentifier
    self.isDurable = isDurable
    state = Atomic(UInt64(shard) << 32 | (slot.map { UInt64($0) } ?? Self.noSlot))
  }

  /// The event loop that has the session, or is about to get it.
  package var shard: Int { Int(state.load(ordering: .acquiring) >> 32 & 0x3FFF_FFFF) }

  /// The session's place in the shard's table; nil while it is on its way there.
  var slot: Int? {
    let slot = state.load(ordering: .acquiring) & Self.noSlot
    return slot == Self.noSlot ? nil : Int(slot)
  }

  /// Whether the client is connected; another loop may be the last to know.
  var isConnected: Bool { state.load(ordering: .relaxed) & Self.connectedBit != 0 }

  func moves(to shard: Int) { place(shard: shard, slot: Self.noSlot) }

  func settled(in shard: Int, slot: Int) { place(shard: shard, slot: UInt64(slot)) }

  func connectionChanged(to isConnected: Bool) { set(Self.connectedBit, to: isConnected) }

  private func place(shard: Int, slot: UInt64) {
    let flags = state.load(ordering: .relaxed) & Self.connectedBit
    state.store(flags | UInt64(shard) << 32 | slot, ordering: .releasing)
  }

  private func set(_ bit: UInt64, to isSet: Bool) {
    let old = state.load(ordering: .relaxed)
    state.store(isSet ? old | bit : old & ~bit, ordering: .releasing)
  }
}

extension Subscriber {
  /// Whether a retained message is the client's own, of whichever session [MQTT-3.8.3-3].
  func isPublisher(of message: StoredMessage) -> Bool {
    guard let name = message.publisherName else { return false }
    return ClientName(name) == ClientName(clientIdentifier)
  }
}
