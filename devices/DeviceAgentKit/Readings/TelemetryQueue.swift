/// Telemetry messages that are not acknowledged yet, oldest first. Bounded: at the limit the oldest is dropped and
/// counted.
package struct TelemetryQueue: Sendable {
  private struct Entry {
    var sequence: UInt64
    var payload: [UInt8]
    var isInFlight = false
    /// A message that the hub refused for now is not sent again before.
    var notBefore: Duration = .zero
  }

  private var entries: [Entry] = []
  package private(set) var bytes = 0
  /// Messages given up because the queue was full.
  package private(set) var dropped: UInt64 = 0
  /// Messages that the hub refused for good.
  package private(set) var rejected: UInt64 = 0
  /// Messages that the hub acknowledged.
  package private(set) var acknowledged: UInt64 = 0

  private let maximumCount: Int
  private let maximumBytes: Int

  package init(maximumCount: Int = AgentLimits.queuedMessages, maximumBytes: Int = AgentLimits.queuedBytes) {
    self.maximumCount = maximumCount
    self.maximumBytes = maximumBytes
  }

  package var count: Int { entries.count }
  package var isEmpty: Bool { entries.isEmpty }
  package var inFlight: Int { entries.count { $0.isInFlight } }

  package mutating func append(sequence: UInt64, payload: [UInt8]) {
    entries.append(Entry(sequence: sequence, payload: payload))
    bytes += payload.count
    while entries.count > maximumCount || bytes > maximumBytes, let oldest = entries.first {
      bytes -= oldest.payload.count
      entries.removeFirst()
      dropped += 1
    }
  }

  /// Hands out the oldest message that is not on its way, and counts it as on its way.
  package mutating func nextToSend(at now: Duration) -> (sequence: UInt64, payload: [UInt8])? {
    guard inFlight < AgentLimits.messagesInFlight,
      let index = entries.firstIndex(where: { !$0.isInFlight && $0.notBefore <= now })
    else { return nil }
    entries[index].isInFlight = true
    return (entries[index].sequence, entries[index].payload)
  }

  /// When a message that was refused for now may be sent again; nil where none waits for that.
  package var nextRetry: Duration? {
    entries.lazy.filter { !$0.isInFlight && $0.notBefore > .zero }.map(\.notBefore).min()
  }

  /// The hub has it.
  package mutating func acknowledge(_ sequence: UInt64) {
    if remove(sequence) { acknowledged += 1 }
  }

  /// The hub will never take it.
  package mutating func reject(_ sequence: UInt64) {
    if remove(sequence) { rejected += 1 }
  }

  /// The hub does not take it now.
  package mutating func retry(_ sequence: UInt64, at time: Duration) {
    guard let index = entries.firstIndex(where: { $0.sequence == sequence }) else { return }
    entries[index].isInFlight = false
    entries[index].notBefore = time
  }

  /// The connection ended: whatever was on its way must be sent again.
  package mutating func connectionEnded() {
    for index in entries.indices {
      entries[index].isInFlight = false
      entries[index].notBefore = .zero
    }
  }

  private mutating func remove(_ sequence: UInt64) -> Bool {
    // Acknowledgements come in order: it is among the first.
    guard let index = entries.firstIndex(where: { $0.sequence == sequence }) else { return false }
    bytes -= entries[index].payload.count
    entries.remove(at: index)
    return true
  }
}
