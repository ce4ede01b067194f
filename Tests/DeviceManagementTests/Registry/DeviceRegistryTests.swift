import Testing

@testable import DeviceManagement

@Suite struct DeviceRegistryTests {
  private func connection(_ client: String, since: Int64 = 0) -> DeviceConnection {
    DeviceConnection(clientIdentifier: client, protocolName: "MQTT 5.0", since: since)
  }

  @Test func remembersComingAndGoing() throws {
    let registry = DeviceRegistry()
    registry.connected(device: "pi", connection: connection("c1", since: 10))
    registry.connected(device: "pi", connection: connection("c2", since: 20))
    registry.awaitsCommands(true, device: "pi", now: 21)
    registry.disconnected(device: "pi", clientIdentifier: "c1", reason: "closed by the client", now: 30)
    var record = try #require(registry.record(of: "pi"))
    #expect(record.connections == [connection("c2", since: 20)])
    #expect(record.awaitsCommands)
    registry.disconnected(device: "pi", clientIdentifier: "c2", reason: "keep-alive exceeded", now: 40)
    record = try #require(registry.record(of: "pi"))
    #expect(record.connections.isEmpty)
    #expect(!record.awaitsCommands)
    #expect(record.lastDisconnection == .init(time: 40, reason: "keep-alive exceeded"))
    #expect(record.firstSeen == 10)
    #expect(registry.record(of: "none") == nil)
    registry.disconnected(device: "none", clientIdentifier: "c", reason: "x", now: 50)
    #expect(registry.record(of: "none") == nil)
  }

  @Test func aNewSessionOfTheSameClientReplacesTheOld() throws {
    let registry = DeviceRegistry()
    registry.connected(device: "pi", connection: connection("c", since: 1))
    registry.connected(device: "pi", connection: connection("c", since: 2))
    #expect(registry.record(of: "pi")?.connections == [connection("c", since: 2)])
  }

  @Test func onlyThoseThatActAreListed() throws {
    let registry = DeviceRegistry()
    for (index, name) in ["viewer", "a", "b", "c", "d"].enumerated() {
      registry.connected(device: name, connection: connection("c\(index)"))
    }
    try registry.setAttributes(device: "a", payload: Array("{}".utf8), now: 1)
    try registry.setStatus(device: "b", payload: Array("online".utf8), now: 1)
    registry.awaitsCommands(true, device: "c", now: 1)
    registry.activity(of: "d", now: 1)?.add(DeviceCounts(messages: 1, readings: 2), now: 5)
    #expect(registry.devices().sorted() == ["a", "b", "c", "d"])
    #expect(registry.record(of: "d")?.counts == DeviceCounts(messages: 1, readings: 2))
    #expect(registry.record(of: "d")?.lastSeen == 5)
    #expect(registry.statistics.connected == 5)
  }

  @Test func keepsAttributesWithinTheirLimits() throws {
    var limits = DeviceManagementLimits()
    limits.maximumAttributesBytes = 100
    limits.maximumRegistryBytes = 150
    let registry = DeviceRegistry(limits: limits)
    let large = Array("{\"x\":\"\(String(repeating: "y", count: 80))\"}".utf8)
    try registry.setAttributes(device: "a", payload: Array(#"{ "model" : "Pi 5" }"#.utf8), now: 1)
    #expect(registry.record(of: "a")?.attributes == Array(#"{"model":"Pi 5"}"#.utf8))
    try registry.setAttributes(device: "a", payload: large, now: 2)
    #expect(throws: RegistryError.full(limit: 150)) { try registry.setAttributes(device: "b", payload: large, now: 3) }
    #expect(throws: RegistryError.attributesTooLarge(bytes: 101, limit: 100)) {
      try registry.setAttributes(device: "b", payload: Array(repeating: 0x20, count: 101), now: 3)
    }
    #expect(throws: RegistryError.attributesUnreadable(reason: "expected an object, found an array")) {
      try registry.setAttributes(device: "b", payload: Array("[]".utf8), now: 3)
    }
    #expect(throws: RegistryError.self) { try registry.setAttributes(device: "b", payload: Array("{".utf8), now: 3) }
    try registry.setAttributes(device: "a", payload: [], now: 4)
    #expect(registry.record(of: "a")?.attributes == nil)
    #expect(registry.statistics.bytes == 0)
    try registry.setAttributes(device: "b", payload: large, now: 5)
    #expect(throws: RegistryError.statusUnreadable) { try registry.setStatus(device: "b", payload: [0xFF], now: 6) }
    #expect(throws: RegistryError.statusTooLarge(bytes: 257, limit: 256)) {
      try registry.setStatus(device: "b", payload: Array(repeating: 0x20, count: 257), now: 6)
    }
  }

  @Test func forgetsMereClientsBeforeDevicesAndTheOldestFirst() throws {
    var limits = DeviceManagementLimits()
    limits.maximumDevices = 16
    let registry = DeviceRegistry(limits: limits)
    try registry.setStatus(device: "device", payload: Array("online".utf8), now: 0)
    for index in 0..<1_000 {
      registry.connected(device: "client\(index)", connection: connection("c", since: Int64(index + 1)))
      registry.disconnected(device: "client\(index)", clientIdentifier: "c", reason: "closed", now: Int64(index + 1))
      #expect(registry.statistics.devices <= 16)
    }
    #expect(registry.record(of: "device") != nil)
    #expect(registry.record(of: "client999") != nil)
    #expect(registry.record(of: "client0") == nil)
    #expect(registry.statistics.forgotten == 1_001 - 16)
  }

  @Test func thoseConnectedAreNotForgotten() {
    var limits = DeviceManagementLimits()
    limits.maximumDevices = 2
    let registry = DeviceRegistry(limits: limits)
    #expect(registry.connected(device: "a", connection: connection("a")) != nil)
    #expect(registry.connected(device: "b", connection: connection("b")) != nil)
    #expect(registry.connected(device: "c", connection: connection("c")) == nil)
    #expect(throws: RegistryError.tooManyDevices(limit: 2)) { try registry.setStatus(device: "c", payload: [], now: 1) }
    registry.disconnected(device: "a", clientIdentifier: "a", reason: "closed", now: 1)
    #expect(registry.connected(device: "c", connection: connection("c")) != nil)
    #expect(registry.record(of: "a") == nil)
  }

  @Test func namesThoseWhoseMetricsGetNoSeries() {
    var limits = DeviceManagementLimits()
    limits.culpritsShown = 2
    let registry = DeviceRegistry(limits: limits)
    for (device, values) in [("a", 5), ("b", 0), ("c", 70), ("d", 6)] {
      registry.activity(of: device, now: 0)?.add(DeviceCounts(messages: 1, withoutSeries: values), now: 0)
    }
    let named = registry.statistics.withoutSeries
    #expect(named.map(\.device) == ["c", "d"])
    #expect(named.map(\.values) == [70, 6])
  }

  @Test func countsFromManyThreads() async {
    let registry = DeviceRegistry()
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          guard let activity = registry.activity(of: "pi", now: 0) else { return }
          for _ in 0..<1_000 { activity.add(DeviceCounts(messages: 1, readings: 3, skipped: 1), now: Int64(task)) }
        }
      }
    }
    #expect(registry.record(of: "pi")?.counts == DeviceCounts(messages: 8_000, readings: 24_000, skipped: 8_000))
  }
}
