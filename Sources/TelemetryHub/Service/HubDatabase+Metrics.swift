import HTTPAPI
import HubDatabase

extension HubDatabase {
  /// The file's side for `/metrics`.
  ///
  /// - Parameter uptime: milliseconds since the hub's start.
  func metricFamilies(uptime: Int64) -> [MetricFamily] {
    let counted = statistics
    return commitMetrics(counted, uptime: uptime) + fileMetrics(counted) + writingMetrics(counted, uptime: uptime)
  }

  private func commitMetrics(_ counted: DatabaseStatistics, uptime: Int64) -> [MetricFamily] {
    let quantiles: [(String, Double)] = [("0.5", 0.5), ("0.9", 0.9), ("0.99", 0.99), ("1", 1)]
    return [
      MetricFamily("telemetry_hub_commits", .counter, help: "Commits to disk.", counted.commits),
      MetricFamily(
        "telemetry_hub_commits_per_second", .gauge, help: "The same, a second, at the mean rate since the start.",
        samples: [.init((Double(counted.commits) / Double(max(uptime, 1)) * 100_000).rounded() / 100)]),
      MetricFamily(
        "telemetry_hub_commits_failed", .counter, help: "Commits that failed and were tried again.",
        counted.failedCommits),
      MetricFamily(
        "telemetry_hub_commit_latency_microseconds", .gauge, help: "Time that commits took, by share of them.",
        samples: quantiles.map {
          MetricFamily.Sample(Int(counted.commitLatency.quantile($0.1)), labels: [.init("quantile", $0.0)])
        }),
      MetricFamily(
        "telemetry_hub_commit_pending_bytes", .gauge, help: "Bytes that wait for a commit.", counted.pendingBytes),
    ]
  }

  private func fileMetrics(_ counted: DatabaseStatistics) -> [MetricFamily] {
    [
      MetricFamily(
        "telemetry_hub_disk_used_bytes", .gauge, help: "Bytes of the file that hold something.", counted.usedBytes),
      MetricFamily(
        "telemetry_hub_disk_limit_bytes", .gauge, help: "Disk that everything durable may use.", limits.diskBytes),
      MetricFamily("telemetry_hub_chunk_bytes", .gauge, help: "Bytes of chunks on disk.", counted.chunkBytes),
      MetricFamily("telemetry_hub_rollup_bytes", .gauge, help: "Bytes of rollups on disk.", counted.rollupBytes),
      MetricFamily(
        "telemetry_hub_journal_bytes", .gauge, help: "Bytes of readings on disk that no chunk holds yet.",
        counted.journalBytes),
      MetricFamily(
        "telemetry_hub_disk_readings_removed", .counter,
        help: "Readings removed from disk to stay within retention or the disk's limit.", counted.removedReadings),
      MetricFamily(
        "telemetry_hub_disk_damaged_rows", .counter, help: "Rows of the file that were damaged and left out.",
        counted.damagedRows),
    ]
  }

  private func writingMetrics(_ counted: DatabaseStatistics, uptime: Int64) -> [MetricFamily] {
    let written = ProcessDiskWrites.bytes()
    let day = 86_400_000.0
    return [
      MetricFamily(
        "telemetry_hub_disk_written_bytes", .counter, help: "Bytes that this process had written to disk.", written),
      MetricFamily(
        "telemetry_hub_disk_written_bytes_per_day", .gauge, help: "The same, a day, at the mean rate since the start.",
        Int(Double(written) * day / Double(max(uptime, 1)))),
      MetricFamily(
        "telemetry_hub_disk_written_bytes_per_reading", .gauge, help: "The same, a reading committed.",
        counted.readings == 0 ? 0 : written / counted.readings),
    ]
  }
}
