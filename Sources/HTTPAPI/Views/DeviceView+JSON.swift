import DeviceManagement
import TimeSeriesStorage

extension JSONWriter {
  /// A device as the list shows it, or with everything known of it.
  mutating func device(_ view: DeviceView, inFull: Bool, interval: (SeriesSummary) -> Int64?, now: Int64) {
    object { json in
      json.key("device")
      json.string(view.name)
      json.key("presence")
      json.presence(view.presence)
      if let newest = view.newestTime {
        json.key("last_reading")
        json.time(newest)
        json.key("age_ms")
        json.integer(now.subtractingClamped(newest))
      }
      if let record = view.record {
        json.key("first_seen")
        json.time(record.firstSeen)
        json.key("last_seen")
        json.time(record.lastSeen)
      }
      if inFull {
        if let record = view.record { json.members(of: record) }
        json.key("metrics")
        json.array { json in
          for series in view.series { json.series(series, interval: interval(series), now: now) }
        }
      } else {
        json.key("metrics")
        json.array { json in
          for series in view.series { json.string(series.metric) }
        }
      }
    }
  }

  /// A device of which only the name is left.
  mutating func forgottenDevice(_ name: String) {
    object { json in
      json.key("device")
      json.string(name)
    }
  }

  private mutating func members(of record: DeviceRecord) {
    if let status = record.status {
      key("status")
      object { json in
        json.key("text")
        json.string(status.text)
        json.key("time")
        json.time(status.time)
      }
    }
    if let attributes = record.attributes {
      key("attributes")
      raw(attributes)
    }
    key("connections")
    array { json in
      for connection in record.connections {
        json.object { json in
          json.key("client")
          json.string(connection.clientIdentifier)
          json.key("protocol")
          json.string(connection.protocolName)
          json.key("since")
          json.time(connection.since)
        }
      }
    }
    key("received")
    counts(record.counts)
  }

  private mutating func counts(_ counts: DeviceCounts) {
    object { json in
      json.key("messages")
      json.integer(counts.messages)
      json.key("readings")
      json.integer(counts.readings)
      json.key("skipped")
      json.integer(counts.skipped)
      json.key("redated_timestamps")
      json.integer(counts.redatedTimestamps)
      json.key("refused")
      json.integer(counts.refused)
      json.key("without_series")
      json.integer(counts.withoutSeries)
      json.key("dead_letters")
      json.integer(counts.deadLetters)
    }
  }

  private mutating func series(_ series: SeriesSummary, interval: Int64?, now: Int64) {
    object { json in
      json.key("metric")
      json.string(series.metric)
      json.key("readings")
      json.integer(series.count)
      if let first = series.firstTime {
        json.key("first")
        json.time(first)
      }
      if let latest = series.latest {
        json.key("time")
        json.time(latest.reading.time)
        json.key("value")
        json.value(latest.reading.value)
        json.key("received")
        json.time(latest.received)
        json.key("age_ms")
        json.integer(now.subtractingClamped(latest.reading.time))
      }
      if let interval {
        json.key("interval_ms")
        json.integer(interval)
      }
    }
  }
}
