import HTTPAPI
import HubDatabase

extension HubDatabase {
  /// The file's side for `/metrics`.
  var metricFamilies: [MetricFamily] {
    let counted = statistics
    return [
      MetricFamily("telemetry_hub_commits", .counter, help: "Commits to disk.", counted.commits),
      MetricFamily(
        "telemetry_hub_commits_failed", .counter, help: "Commits that failed and were tried again.",
        counted.failedCommits),
      MetricFamily(
        "telemetry_hub_commit_microseconds", .counter, help: "Time that commits took, all together.",
        counted.commitMicroseconds),
      MetricFamily(
        "telemetry_hub_commit_slowest_microseconds", .gauge, help: "Time that the slowest commit took.",
        counted.slowestCommitMicroseconds),
      MetricFamily(
        "telemetry_hub_commit_pending_bytes", .gauge, help: "Bytes that wait for a commit.", counted.pendingBytes),
      MetricFamily(
        "telemetry_hub_journal_bytes", .gauge, help: "Bytes of readings on disk that no chunk holds yet.",
        counted.journalBytes),
    ]
  }
}
