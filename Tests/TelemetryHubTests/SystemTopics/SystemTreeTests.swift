import Testing

@testable import TelemetryHub

@Suite struct SystemTreeTests {
  private static var snapshot: SystemSnapshot {
    var snapshot = SystemSnapshot()
    snapshot.uptime = 90_061
    snapshot.clientsConnected = 3
    snapshot.clientsDisconnected = 4
    snapshot.clientsMaximum = 9
    snapshot.sessionsExpired = 2
    snapshot.socketsOpened = 600
    snapshot.connectsReceived = 540
    snapshot.packetsReceived = 6_000
    snapshot.packetsSent = 12_000
    snapshot.publishesReceived = 3_000
    snapshot.publishesSent = 9_000
    snapshot.publishesDropped = 60
    snapshot.publishBytesReceived = 70_001
    snapshot.publishBytesSent = 70_002
    snapshot.bytesReceived = 600_000_000_000
    snapshot.bytesSent = 120
    snapshot.subscriptions = 21
    snapshot.sharedSubscriptions = 5
    snapshot.retainedMessages = 64
    snapshot.storedMessages = 80
    snapshot.storedBytes = 12_345
    snapshot.heapBytes = 4_321_098
    return snapshot
  }

  /// One minute at these rates: 1 - exp(-1), 1 - exp(-1/5) and 1 - exp(-1/15) of what was counted.
  private static let expected = """
    version telemetry-hub version 1.2.3
    uptime 90061 seconds
    clients/total 7
    clients/connected 3
    clients/active 3
    clients/disconnected 4
    clients/inactive 4
    clients/maximum 9
    clients/expired 2
    messages/received 6000
    messages/sent 12000
    messages/stored 80
    store/messages/count 80
    store/messages/bytes 12345
    retained messages/count 64
    subscriptions/count 21
    shared_subscriptions/count 5
    publish/messages/received 3000
    publish/messages/sent 9000
    publish/messages/dropped 60
    publish/bytes/received 70001
    publish/bytes/sent 70002
    bytes/received 600000000000
    bytes/sent 120
    heap/current 4321098
    load/messages/received/1min 3792.72
    load/messages/received/5min 1087.62
    load/messages/received/15min 386.96
    load/messages/sent/1min 7585.45
    load/messages/sent/5min 2175.23
    load/messages/sent/15min 773.92
    load/publish/dropped/1min 37.93
    load/publish/dropped/5min 10.88
    load/publish/dropped/15min 3.87
    load/publish/received/1min 1896.36
    load/publish/received/5min 543.81
    load/publish/received/15min 193.48
    load/publish/sent/1min 5689.09
    load/publish/sent/5min 1631.42
    load/publish/sent/15min 580.44
    load/bytes/received/1min 379272335297.13
    load/bytes/received/5min 108761548153.21
    load/bytes/received/15min 38695808981.03
    load/bytes/sent/1min 75.85
    load/bytes/sent/5min 21.75
    load/bytes/sent/15min 7.74
    load/sockets/1min 379.27
    load/sockets/5min 108.76
    load/sockets/15min 38.70
    load/connections/1min 341.35
    load/connections/5min 97.89
    load/connections/15min 34.83
    """

  @Test func saysEverythingTheHubKnows() {
    var load = SystemLoad(startedAt: 0)
    load.update(Self.snapshot, at: 60_000)
    let values = SystemTree.values(version: "1.2.3", Self.snapshot, load)
    #expect(values.map(\.description) == Self.expected.split(separator: "\n").map { "$SYS/broker/\($0)" })
    #expect(Set(values.map(\.topic)).count == values.count)
  }

  @Test func theDocumentationListsEveryTopic() throws {
    let document = try projectFile("docs/system-topics.md")
    let rows = document.split(separator: "\n").drop { $0 != "## Topics" }.prefix { $0 != "## Not there, and why" }
    let listed = rows.filter { $0.hasPrefix("| `") }.flatMap { row in
      row.split(separator: "|")[0].split(separator: "`").filter { $0.contains { $0.isLetter } }.map {
        "$SYS/broker/\($0)"
      }
    }
    let values = SystemTree.values(version: "1.2.3", Self.snapshot, SystemLoad(startedAt: 0))
    let topics = values.map { value in
      guard value.topic.hasPrefix("$SYS/broker/load/") else { return value.topic }
      return value.topic.split(separator: "/").dropLast().joined(separator: "/") + "/+"
    }
    #expect(Set(listed) == Set(topics))
    #expect(Set(listed).count == listed.count)
  }

  @Test(
    arguments: [
      (0, "0.00"), (0.004, "0.00"), (0.006, "0.01"), (0.1, "0.10"), (0.994, "0.99"), (0.996, "1.00"), (9.5, "9.50"),
      (1_234_567.891, "1234567.89"), (1e300, "92233720368547758.07"),
    ] as [(Double, String)])
  func writesTwoDecimals(value: Double, text: String) {
    #expect(SystemTree.twoDecimals(value) == text)
  }
}
