import Testing
import TimeSeriesStorage

@testable import TelemetryIngest

/// What happens at the limits of devices, series and memory.
@Suite struct IngestLimitTests {
  func device(_ name: String, of pipeline: IngestPipeline) throws(IngestRefusal) -> IngestDevice {
    try withBytes(of: name) { name throws(IngestRefusal) in try pipeline.device(named: name) }
  }

  @Test func aDeviceIsFoundAgain() throws {
    let harness = try Harness()
    let other = try device("other", of: harness.pipeline)
    #expect(try device("greenhouse", of: harness.pipeline) === harness.device)
    #expect(other.id != harness.device.id)
    #expect(other.name == "other")
    #expect(harness.store.findDevice(named: "other") == other.id)
  }

  @Test(arguments: ["", "me", ".", "..", "a b", "a/b", "ä", String(repeating: "d", count: 65), "a\u{0}"])
  func badNamesAreRefused(_ name: String) throws {
    let harness = try Harness()
    #expect(throws: IngestRefusal.invalidDeviceName) { try device(name, of: harness.pipeline) }
  }

  @Test func devicesAreBounded() throws {
    let harness = try Harness(storage: StorageLimits(maximumDevices: 2))
    _ = try device("second", of: harness.pipeline)
    #expect(throws: IngestRefusal.tooManyDevices(limit: 2)) { try device("third", of: harness.pipeline) }
    #expect(try device("greenhouse", of: harness.pipeline) === harness.device)
  }

  @Test func seriesBeyondTheLimitAreLeftOut() throws {
    let harness = try Harness(storage: StorageLimits(maximumSeriesPerDevice: 2))
    #expect(harness.json(#"{"a":1,"b":2,"c":3,"d":{"e":4}}"#) == .accepted(readings: 2, skipped: 2))
    #expect(harness.json(#"[{"c":1,"a":5},{"c":2,"c":3}]"#, at: Harness.now + 1) == .accepted(readings: 1, skipped: 3))
    #expect(harness.values() == ["a": .number(5), "b": .number(2)])
    #expect(harness.counters.totals.refusedSeries == 5)
    #expect(harness.ring.total == 0)
  }

  @Test func refusedDevicesLeaveDeadLetters() throws {
    let harness = try Harness()
    withBytes(of: "{}") { payload in
      withBytes(of: "v1/devices/a b/telemetry") { topic in
        harness.pipeline.recordDeadLetter(
          payload, device: nil, topic: topic, reason: .deviceRefused(.invalidDeviceName), receivedAt: 7)
      }
    }
    harness.pipeline.flush(receivedAt: 7)
    #expect(harness.counters.totals.deadLetters[.deviceRefused] == 1)
    #expect(harness.counters.totals.messages == 1)
    #expect(harness.ring.snapshot().letters.first?.topic == "v1/devices/a b/telemetry")
  }

  @Test func forgottenDevicesAreLearnedAnew() throws {
    var limits = IngestLimits()
    limits.maximumCachedDevices = 4
    let harness = try Harness(limits: limits)
    for round in 0..<3 {
      for index in 0..<10 {
        let device = try device("device-\(index)", of: harness.pipeline)
        let bytes = Array(#"{"ts":\#(Harness.now + Int64(round)),"a":\#(round)}"#.utf8)
        #expect(harness.json(bytes, from: device) == .accepted(readings: 1, skipped: 0))
        #expect(harness.pipeline.devices.byHash.count <= 4)
      }
    }
    harness.pipeline.flush(receivedAt: Harness.now)
    #expect(harness.store.statistics.devices == 11)
    #expect(harness.store.statistics.readingsStored == 30)
  }

  @Test func rememberedKeysAreBounded() throws {
    var limits = IngestLimits()
    limits.maximumCacheBytes = 64 << 10
    let harness = try Harness(storage: StorageLimits(maximumSeriesPerDevice: 50), limits: limits)
    let second = try device("second", of: harness.pipeline)
    for round in 0..<200 {
      let members = (0..<50).map { #""key-\#(round)-\#($0)":null"# }.joined(separator: ",")
      let bytes = Array(#"{"a":\#(round),\#(members)}"#.utf8)
      let device = round % 2 == 0 ? harness.device : second
      #expect(harness.json(bytes, from: device, at: Harness.now + Int64(round)) == .accepted(readings: 1, skipped: 50))
      let held = harness.device.keys.pointee.bytes + second.keys.pointee.bytes
      #expect(held <= (64 << 10) + 32_768)
      #expect(harness.pipeline.devices.bytes <= 64 << 10)
    }
    #expect(harness.stored()["a"]?.count == 100)
  }

  @Test func limitsFitTogether() {
    let ingest = IngestLimits()
    let storage = StorageLimits()
    #expect(ingest.maximumTextBytes == storage.maximumTextBytes)
    #expect(ingest.maximumMetricBytes == storage.maximumMetricBytes)
    #expect(ingest.bounded(by: storage) == ingest)
    #expect(ingest.maximumMetricBytes <= KeyTree.maximumKeyBytes)
    var wide = IngestLimits()
    wide.maximumDepth = .max
    wide.maximumPayloadBytes = .max
    wide.maximumReadingsPerMessage = .max
    wide.maximumTextBytes = .max
    wide.maximumMetricBytes = .max
    let bounded = wide.bounded(by: storage)
    #expect(bounded.maximumTextBytes == 256 && bounded.maximumMetricBytes == 128)
    #expect(bounded.maximumDepth == 128)
    // Offsets into a device's keys have 32 bits: the most a message can add stays below.
    #expect(bounded.maximumPayloadBytes / 6 * (KeyTree.maximumKeyBytes + 128) < UInt32.max)
    var absurd = IngestLimits()
    absurd.maximumDepth = -1
    absurd.maximumReadingsPerMessage = 0
    #expect(absurd.bounded(by: storage).maximumDepth == 1)
    #expect(absurd.bounded(by: storage).maximumReadingsPerMessage == 1)
  }
}
