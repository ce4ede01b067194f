import MQTTProtocol

/// Exchanges by their Packet Identifier, found without hashing: identifiers rise, so that their low bits rarely meet.
struct InflightTable: ~Copyable {
  typealias Entry = OutboundFlow.Inflight

  /// As many as a power of two; an entry's place is the low bits of its identifier.
  private var slots: [Entry?] = []
  private var lastIdentifier: UInt16 = 0
  private(set) var count = 0

  /// Bytes of its places beyond the few that every client has.
  var byteCount: Int { max(0, slots.count - Self.fewPlaces) * MemoryLayout<Entry?>.stride }

  private static let fewPlaces = 16

  private func place(of identifier: UInt16) -> Int { Int(identifier) & (slots.count - 1) }

  subscript(identifier: UInt16) -> Entry? {
    guard !slots.isEmpty, let entry = slots[place(of: identifier)], entry.packetIdentifier == identifier else {
      return nil
    }
    return entry
  }

  /// Takes a free identifier of 1...65,535 for an entry [MQTT-2.2.1-3]. Call with fewer than 65,535 entries.
  mutating func insert(_ make: (UInt16) -> Entry) -> UInt16 {
    precondition(count < Int(UInt16.max), "BUG: no packet identifier is free")
    if count * 2 >= slots.count, slots.count < 65_536 { grow() }
    repeat {
      lastIdentifier = lastIdentifier == .max ? 1 : lastIdentifier + 1
    } while slots[place(of: lastIdentifier)] != nil
    slots[place(of: lastIdentifier)] = make(lastIdentifier)
    count += 1
    return lastIdentifier
  }

  mutating func remove(_ identifier: UInt16) -> Entry? {
    guard let entry = self[identifier] else { return nil }
    slots[place(of: identifier)] = nil
    count -= 1
    return entry
  }

  /// Gives up the places of a client at rest.
  mutating func trim() {
    if count == 0, slots.count > Self.fewPlaces { slots = [] }
  }

  mutating func replace(_ entry: Entry) {
    guard self[entry.packetIdentifier] != nil else { return }
    slots[place(of: entry.packetIdentifier)] = entry
  }

  /// Takes back an entry with the identifier that it has. False where that is 0 or in use.
  mutating func restore(_ entry: Entry) -> Bool {
    guard entry.packetIdentifier != 0, self[entry.packetIdentifier] == nil else { return false }
    if slots.isEmpty { grow() }
    // In a table of 65,536 each has a place of its own.
    while slots[place(of: entry.packetIdentifier)] != nil || count * 2 >= slots.count, slots.count < 65_536 { grow() }
    slots[place(of: entry.packetIdentifier)] = entry
    count += 1
    lastIdentifier = entry.packetIdentifier
    return true
  }

  func contains(where isWanted: (Entry) -> Bool) -> Bool { slots.contains { $0.map(isWanted) ?? false } }

  /// In the order in which they were opened.
  var inOrder: [Entry] { slots.compactMap { $0 }.sorted { $0.serial < $1.serial } }

  mutating func removeAll() {
    slots = []
    count = 0
  }

  private mutating func grow() {
    var grown = [Entry?](repeating: nil, count: max(slots.count * 2, 8))
    for case .some(let entry) in slots { grown[Int(entry.packetIdentifier) & (grown.count - 1)] = entry }
    slots = grown
  }
}
