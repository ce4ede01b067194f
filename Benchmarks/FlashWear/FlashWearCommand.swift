import ArgumentParser
import Durability
import Glibc
import HubDatabase
import Logging
import Synchronization
import TimeSeriesStorage

/// `flash-wear`: what a day of readings has the kernel write to the disk, by commit interval. The day passes as fast as the
/// disk can: commits are made at the moments at which a hub would have made them.
@main
struct FlashWearCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flash-wear", abstract: "Bytes written to disk for a day of readings, by commit interval.")

  @Option(help: "Devices, each with a message of all its metrics at its own moment.")
  var devices = 10

  @Option(help: "Metrics of a device.")
  var metrics = 10

  @Option(help: "Seconds from one message of a device to the next.")
  var every = 10

  @Option(help: "Commit intervals, in seconds.")
  var intervals: [Int] = [0, 1, 10, 60]

  @Option(help: "A directory on the disk to measure; what is written there is removed again.")
  var directory: String

  func run() throws {
    print("commit interval | commits a day | MB written a day | bytes a reading")
    for interval in intervals {
      let day = try Day(self, interval: Int64(interval) * 1_000)
      let written = try day.run()
      let readings = devices * metrics * 86_400 / every
      print(
        "\(interval) s | \(day.commits) | \((written + 500_000) / 1_000_000) | \((written + readings / 2) / readings)")
    }
  }
}

/// One day with one commit interval.
final class Day {
  private let options: FlashWearCommand
  private let interval: Int64
  private let store: TimeSeriesStore
  private let database: HubDatabase
  private let path: String
  private(set) var commits = 0

  init(_ options: FlashWearCommand, interval: Int64) throws {
    self.options = options
    self.interval = interval
    path = "\(options.directory)/flash-wear-\(getpid())-\(interval)"
    let opened = try HubDatabase.open(
      directory: path, logger: Logger(label: "flash-wear") { _ in SwiftLogNoOpLogHandler() })
    store = opened.store
    database = opened.database
  }

  /// Returns the bytes that were written.
  func run() throws -> Int {
    let committed = Waiter()
    database.observeCommits { committed.committed($0) }
    let series = try (0..<options.devices).map { device in
      try (0..<options.metrics).map { metric in
        try store.series(of: store.device(named: "device-\(device)"), metric: "metric.\(metric)")
      }
    }
    let before = Self.writtenBytes()
    let start: Int64 = 1_700_000_000_000
    var values = (0..<options.devices * options.metrics).map { _ in 215 }
    var batch = ReadingBatch()
    var due = Int64.max
    let step = Int64(options.every) * 1_000
    for round in 0..<86_400 / options.every {
      for device in 0..<options.devices {
        // Spread over the interval, each a little off its beat.
        let jitter = Int64((round * 7 + device * 13) % 20)
        let time = start + Int64(round) * step + Int64(device) * step / Int64(options.devices) + jitter
        if time >= due { commit(&batch, at: due, committed) }
        if batch.isEmpty { due = time + interval }
        for metric in 0..<options.metrics {
          let place = device * options.metrics + metric
          values[place] += [-1, 0, 0, 1][(round * 31 + place * 17) % 4]
          batch.readings.append(
            PendingReading(
              series: series[device][metric], time: time, kind: .number, bits: (Double(values[place]) / 10).bitPattern,
              assignsUniqueTime: false))
        }
        if interval == 0 { commit(&batch, at: time, committed) }
      }
    }
    commit(&batch, at: due, committed)
    database.stop()
    // Closed, the log is in the database: nothing is left to write.
    let written = Self.writtenBytes() - before
    commits = database.statistics.commits
    for name in ["hub.db", "hub.db-wal", "hub.db-shm", "lock"] { unlink("\(path)/\(name)") }
    rmdir(path)
    return written
  }

  private func commit(_ batch: inout ReadingBatch, at time: Int64, _ committed: Waiter) {
    guard !batch.isEmpty else { return }
    _ = store.append(&batch, receivedAt: time)
    committed.wait(for: database.append(batch, receivedAt: time, urgency: .immediate))
    batch.removeAll()
  }

  /// proc(5), /proc/pid/io, write_bytes.
  private static func writtenBytes() -> Int {
    guard let file = fopen("/proc/self/io", "re") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 256)
    while fgets(&buffer, Int32(buffer.count), file) != nil {
      let line = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if line.hasPrefix("write_bytes: ") { return Int(line.dropFirst(13).filter(\.isNumber)) ?? 0 }
    }
    return 0
  }
}

/// Waits for a commit.
final class Waiter: Sendable {
  private let last = Atomic<UInt64>(0)

  func committed(_ sequence: CommitSequence) { last.store(sequence.rawValue, ordering: .releasing) }

  func wait(for sequence: CommitSequence) {
    while last.load(ordering: .acquiring) < sequence.rawValue { sched_yield() }
  }
}
