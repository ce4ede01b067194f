import MQTTProtocol

/// Answers that the hub owes on one connection, by Packet Identifier: one for each request, no more.
struct OwedAnswers {
  private var counts: [PacketType: [UInt16: Int]] = [:]
  private var filterCounts: [PacketType: [UInt16: [Int]]] = [:]

  mutating func owe(_ type: PacketType, _ identifier: UInt16) {
    counts[type, default: [:]][identifier, default: 0] += 1
  }

  /// SUBACK or UNSUBACK, with as many codes as there were filters.
  mutating func owe(_ type: PacketType, _ identifier: UInt16, filters: Int) {
    filterCounts[type, default: [:]][identifier, default: []].append(filters)
  }

  mutating func paid(_ type: PacketType, _ identifier: UInt16) throws(FuzzFinding) {
    let count = counts[type]?[identifier] ?? 0
    try expect(count > 0, "\(type) \(identifier) that nothing asked for")
    counts[type]?[identifier] = count == 1 ? nil : count - 1
  }

  mutating func paid(_ type: PacketType, _ identifier: UInt16, codes: Int?) throws(FuzzFinding) {
    guard var filters = filterCounts[type]?[identifier], let first = filters.first else {
      throw FuzzFinding("\(type) \(identifier) that nothing asked for")
    }
    try expect(codes == nil || codes == first, "\(type) with \(codes ?? 0) codes for \(first) filters")
    filters.removeFirst()
    filterCounts[type]?[identifier] = filters.isEmpty ? nil : filters
  }

  /// What is still owed, but for PUBREL, which a client gets once for any number of equal requests.
  var unpaid: [PacketType] {
    let single = counts.filter { $0.key != .pubrel && !$0.value.isEmpty }.map(\.key)
    return single + filterCounts.filter { !$0.value.isEmpty }.map(\.key)
  }
}
