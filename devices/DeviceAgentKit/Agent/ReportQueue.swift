/// Reports on commands that the hub has not acknowledged yet, in the order in which they were made.
package struct ReportQueue: Sendable {
  private struct Entry {
    var number: UInt64
    var report: CommandReport
    var replyTo: ReplyAddress?
    var isSent = false
  }

  /// Past this the oldest report that is not final goes first, then the oldest.
  private static let maximum = 256
  private var entries: [Entry] = []
  private var nextNumber: UInt64 = 0

  package init() {}

  package var isEmpty: Bool { entries.isEmpty }

  package mutating func append(_ report: CommandReport, replyTo: ReplyAddress?) {
    if entries.count >= Self.maximum {
      entries.remove(at: entries.firstIndex { !$0.report.status.isFinal } ?? 0)
    }
    entries.append(Entry(number: nextNumber, report: report, replyTo: replyTo))
    nextNumber += 1
  }

  /// Hands out the oldest that was not sent on this connection.
  package mutating func nextToSend(_ topics: DeviceTopics) -> AgentPublication? {
    guard let index = entries.firstIndex(where: { !$0.isSent }) else { return nil }
    entries[index].isSent = true
    let entry = entries[index]
    return AgentPublication(
      kind: .report(number: entry.number), topic: entry.replyTo?.topic ?? topics.result(of: entry.report.id),
      payload: entry.report.payload, correlationData: entry.replyTo?.correlationData)
  }

  package mutating func acknowledge(_ number: UInt64) { entries.removeAll { $0.number == number } }

  package mutating func connectionEnded() {
    for index in entries.indices { entries[index].isSent = false }
  }
}
