import DeviceManagement
import TelemetryIngest
import TimeSeriesStorage

extension HTTPServices {
  /// Everything that `/metrics` shows.
  var metrics: [MetricFamily] {
    storeMetrics(store.statistics) + ingestMetrics(ingestCounters.totals) + commandMetrics(commands.statistics)
      + registryMetrics(registry.statistics) + operations.metrics
  }

  private func storeMetrics(_ statistics: StoreStatistics) -> [MetricFamily] {
    [
      .init("telemetry_hub_readings", .counter, help: "Readings stored.", statistics.readingsAppendedTotal),
      .init("telemetry_hub_readings_stored", .gauge, help: "Readings held now.", statistics.readingsStored),
      .init(
        "telemetry_hub_readings_replaced", .counter, help: "Readings that replaced one of the same time.",
        statistics.replacedTotal),
      .init(
        "telemetry_hub_readings_late", .counter, help: "Readings that came after a newer one.", statistics.lateTotal),
      .init(
        "telemetry_hub_readings_evicted", .counter, help: "Readings removed to stay within memory or retention.",
        statistics.evictedTotal),
      .init("telemetry_hub_devices", .gauge, help: "Devices with readings.", statistics.devices),
      .init("telemetry_hub_series", .gauge, help: "Series.", statistics.series),
      .init("telemetry_hub_ring_bytes", .gauge, help: "Memory used by ring buffers.", statistics.ringBytes),
      .init(
        "telemetry_hub_ring_limit_bytes", .gauge, help: "Memory that ring buffers may use.", store.limits.memoryBytes),
      .init("telemetry_hub_ring_chunks", .gauge, help: "Chunks in memory.", statistics.chunks),
      .init(
        "telemetry_hub_ring_raw_bytes", .gauge, help: "Of the ring buffers' memory: blocks that are no chunks yet.",
        statistics.rawBytes),
      .init(
        "telemetry_hub_ring_unpersisted_bytes", .gauge,
        help: "Of the ring buffers' memory: what holds readings that no chunk on disk holds.",
        statistics.unpersistedBytes),
      .init("telemetry_hub_index_bytes", .gauge, help: "Memory used by names and lookup.", statistics.indexBytes),
    ]
  }

  private func ingestMetrics(_ totals: IngestTotals) -> [MetricFamily] {
    let skipped: [(String, UInt64)] = [
      ("null", totals.skippedNulls), ("empty", totals.skippedEmpty), ("long_text", totals.skippedLongTexts),
      ("invalid_metric", totals.skippedInvalidMetrics), ("number_out_of_range", totals.skippedNumbers),
      ("unknown_member", totals.skippedMembers), ("no_place_for_series", totals.refusedSeries),
      ("too_old", totals.refusedTooOld),
    ]
    return [
      .init("telemetry_hub_telemetry_messages", .counter, help: "Telemetry messages looked at.", totals.messages),
      .init("telemetry_hub_telemetry_bytes", .counter, help: "Bytes of telemetry messages.", totals.bytes),
      .init("telemetry_hub_dead_letters", .counter, help: "Messages that could not be read.", deadLetters.total),
      .init(
        "telemetry_hub_dead_letters_by_kind", .counter, help: "Messages that could not be read, by kind.",
        samples: DeadLetterReason.Kind.allCases.map {
          .init(totals.deadLetters[$0], labels: [.init("kind", $0.label)])
        }),
      .init(
        "telemetry_hub_values_skipped", .counter, help: "Values left out of messages that were kept.",
        samples: skipped.map { .init($0.1, labels: [.init("reason", $0.0)]) }),
      .init(
        "telemetry_hub_integers_rounded", .counter, help: "Integers that a double cannot hold exactly.",
        totals.roundedIntegers),
      .init(
        "telemetry_hub_timestamps_replaced", .counter, help: "Times replaced by the time of receipt.",
        totals.redatedTimestamps),
    ]
  }

  private func commandMetrics(_ statistics: CommandStatistics) -> [MetricFamily] {
    [
      .init(
        "telemetry_hub_commands", .counter, help: "Commands that came to each state.",
        samples: CommandState.allCases.map {
          .init(statistics.entered[$0] ?? 0, labels: [.init("state", $0.rawValue)])
        }),
      .init("telemetry_hub_commands_refused", .counter, help: "Commands not taken.", statistics.refused),
      .init("telemetry_hub_commands_open", .gauge, help: "Commands that are not final.", statistics.open),
      .init("telemetry_hub_commands_held", .gauge, help: "Commands held.", statistics.held),
      .init(
        "telemetry_hub_command_results_ignored", .counter,
        help: "Results for commands that had ended, or unknown, or unreadable.",
        samples: [
          .init(statistics.reportsIgnored, labels: [.init("reason", "ended")]),
          .init(statistics.reportsWithoutCommand, labels: [.init("reason", "no_such_command")]),
          .init(statistics.reportsUnreadable, labels: [.init("reason", "unreadable")]),
        ]),
    ]
  }

  private func registryMetrics(_ statistics: RegistryStatistics) -> [MetricFamily] {
    [
      .init("telemetry_hub_devices_connected", .gauge, help: "Devices with a live session.", statistics.connected),
      .init("telemetry_hub_devices_known", .gauge, help: "Devices and clients remembered.", statistics.devices),
      .init("telemetry_hub_registry_bytes", .gauge, help: "Memory used by attributes and states.", statistics.bytes),
      .init(
        "telemetry_hub_values_without_series", .counter,
        help: "Values left out because a limit on series was reached, by the devices that had most.",
        samples: statistics.withoutSeries.map { .init($0.values, labels: [.init("device", $0.device)]) }),
    ]
  }
}
