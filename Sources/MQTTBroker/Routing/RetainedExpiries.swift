/// The topics whose retained messages expire, by the second at whose end they are gone.
///
/// A topic is in it as long as its message is: what replaces messages for ever costs no more than what it leaves.
struct RetainedExpiries: Sendable {
  private var topics: [Int64: Set<[UInt8]>] = [:]
  private(set) var count = 0

  /// The second (`BrokerTime.monotonic` / 1,000, rounded up) after which a message that expires then is due.
  private static func second(of expiry: Int64) -> Int64 { expiry / 1_000 + (expiry % 1_000 > 0 ? 1 : 0) }

  mutating func insert(_ topic: [UInt8], at expiry: Int64) {
    if topics[Self.second(of: expiry), default: []].insert(topic).inserted { count += 1 }
  }

  mutating func remove(_ topic: [UInt8], at expiry: Int64) {
    let second = Self.second(of: expiry)
    guard topics[second]?.remove(topic) != nil else { return }
    count -= 1
    if topics[second]?.isEmpty == true { topics[second] = nil }
  }

  /// Takes out at most `limit` topics whose time is over.
  mutating func takeDue(at now: Int64, limit: Int) -> [[UInt8]] {
    var due: [[UInt8]] = []
    // A list of its own: who walks through the keys while they change has all of them copied.
    for second in topics.keys.filter({ $0 <= now / 1_000 }) where due.count < limit {
      guard var rest = topics.removeValue(forKey: second) else { continue }
      let taken = Array(rest.prefix(limit - due.count))
      due += taken
      if taken.count < rest.count {
        rest.subtract(taken)
        topics[second] = rest
      }
    }
    count -= due.count
    return due
  }
}
