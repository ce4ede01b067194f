import Durability
import Logging
import Testing
import TimeSeriesStorage

@testable import HubDatabase

/// A power cut at any moment loses nothing that was committed, whatever the disk made of the writes behind its last sync.
@Suite struct PowerLossTests {
  private static let now: Int64 = 1_700_000_000_000
  private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// Writes that were recorded, and what was appended: number `n` is committed from the mark `n` on.
  private struct Recording {
    var operations: [RecordingVFS.Operation] = []
    /// By number: device, time and value.
    var readings: [(device: String, time: Int64, value: Double)] = []
  }

  private static func record(_ seed: UInt64) throws -> Recording {
    var random = SeededGenerator(seed: seed)
    let vfs = RecordingVFS(name: "power-loss-\(seed)")
    let directory = try TemporaryDirectory()
    var limits = DatabaseLimits()
    limits.journalBytes = 2_000
    limits.writeAheadLogFrames = 12
    let opened = try HubDatabase.open(directory: directory.path, limits: limits, logger: silent, vfs: vfs.name)
    let (store, database) = (opened.store, opened.database)
    let committed = Monitor<CommitSequence>(.none)
    database.observeCommits { sequence in
      committed.withLock { $0 = sequence }
      committed.signal()
    }
    var recording = Recording()
    for number in 0..<400 {
      let device = "device-\(Int.random(in: 0..<6, using: &random))"
      // Late ones too, and two of the same time.
      let time = now + Int64(number / 4 * 10) - Int64(Int.random(in: 0..<4, using: &random) == 0 ? 500 : 0)
      let value = Double(number)
      var batch = ReadingBatch()
      batch.readings.append(
        PendingReading(
          series: try store.series(of: store.device(named: device), metric: "value"), time: time, kind: .number,
          bits: value.bitPattern, assignsUniqueTime: false))
      _ = store.append(&batch, receivedAt: now)
      recording.readings.append((device, time, value))
      let sequence = database.append(batch, receivedAt: now, urgency: .immediate)
      if Int.random(in: 0..<3, using: &random) > 0 {
        committed.wait { committed, _ in committed >= sequence ? () : nil }
        vfs.mark(number)
      }
    }
    database.stop()
    // The journal was moved into chunks again and again.
    #expect(database.statistics.chunkBytes > 0)
    recording.operations = vfs.operations
    return recording
  }

  @Test(arguments: 1..<UInt64(4)) func whatWasCommittedIsThere(seed: UInt64) throws {
    let recording = try Self.record(seed)
    var random = SeededGenerator(seed: seed)
    #expect(recording.operations.count > 1_000)
    for _ in 0..<150 {
      let end = Int.random(in: 0...recording.operations.count, using: &random)
      let operations = recording.operations[..<end]
      let committed = operations.reduce(-1) { last, operation in
        if case .mark(let number) = operation { number } else { last }
      }
      try check(
        recording, committed: committed, PowerLoss(after: operations, &random), "seed \(seed), \(end) operations")
    }
  }

  private func check(
    _ recording: Recording, committed: Int, _ disk: PowerLoss, _ place: Comment
  ) throws {
    let directory = try TemporaryDirectory()
    try disk.write(to: directory.path)
    let opened = try HubDatabase.open(directory: directory.path, logger: Self.silent)
    defer { opened.database.stop() }
    #expect(opened.report.damagedRows == 0, place)
    #expect(directory.names.allSatisfy { !$0.contains("damaged") }, place)
    let store = opened.store
    var found: [Key: Double] = [:]
    for device in store.devices() {
      for series in store.metrics(of: device.id) {
        for reading in try store.snapshot(of: series.id, from: .min, to: .max) {
          if case .number(let value) = reading.value { found[Key(device: device.name, time: reading.time)] = value }
        }
      }
    }
    // Of readings with the same time, the last that was written counts; what was under way may be there or not.
    var allowed: [Key: Set<Double>] = [:]
    for (number, reading) in recording.readings.enumerated() {
      let key = Key(device: reading.device, time: reading.time)
      if number <= committed {
        allowed[key] = [reading.value]
      } else {
        allowed[key, default: [-1]].insert(reading.value)
      }
    }
    for (key, values) in allowed {
      guard let value = found.removeValue(forKey: key) else {
        #expect(values.contains(-1), "\(key) is missing; \(place)")
        continue
      }
      #expect(values.contains(value), "\(key) is \(value); \(place)")
    }
    #expect(found.isEmpty, place)
  }

  private struct Key: Hashable {
    var device: String
    var time: Int64
  }
}
