package import TimeSeriesStorage

extension IngestPipeline {
  /// Readings that wait for the next flush.
  package var pendingReadings: Int { staged.pointee.count }

  /// Hands what is pending to the store, then shows it as stored (times final) to `stored`, and begins a new batch.
  ///
  /// Where nothing is pending `stored` is not called, and the answer is nil. Counters are brought up to date either way.
  @discardableResult
  package func flush<Answer>(receivedAt: Int64, _ stored: (borrowing ReadingBatch) -> Answer) -> Answer? {
    defer { if totals.messages > 0 { counters.take(&totals) } }
    guard staged.pointee.count > 0 else { return nil }
    // Taken out while it is shown, so that `stored` may use the pipeline.
    var full = ReadingBatch()
    swap(&full, &batch)
    staged.pointee.move(to: &full)
    let outcome = store.append(&full, receivedAt: receivedAt)
    totals.refusedTooOld &+= UInt64(outcome.refusedAsTooOld)
    let answer = stored(full)
    if batch.texts.isEmpty, full.readings.capacity <= StagedReadings.keptCapacity {
      full.removeAll()
      swap(&full, &batch)
    }
    return answer
  }

  /// Hands what is pending to the store, for those who need not see it.
  package func flush(receivedAt: Int64) {
    flush(receivedAt: receivedAt) { _ in }
  }

  /// The message was well-formed: its readings stay.
  func keep(_ decoder: inout MessageDecoder, of device: IngestDevice) -> IngestResult {
    if staged.pointee.isUnsettled {
      decoder.redate()
      resolve(&decoder, of: device)
    }
    if staged.pointee.hasDropped { staged.pointee.compact() }
    if staged.pointee.hasTexts { keepTexts() }
    let count = staged.pointee.count - staged.pointee.messageStart
    totals.readings &+= UInt64(count)
    device.messages &+= 1
    let skipped = decoder.tally.skipped
    if skipped | decoder.tally.roundedIntegers | decoder.tally.redated != 0 {
      totals.add(decoder.tally)
      device.unreported.redatedTimestamps &+= decoder.tally.redated
      device.unreported.tooOld &+= decoder.tally.tooOld
      device.unreported.withoutSeries &+= decoder.tally.refusedSeries
    }
    learned(device)
    return .accepted(readings: count, skipped: skipped)
  }

  /// Finds the series that the device has not used before, or has them made.
  private func resolve(_ decoder: inout MessageDecoder, of device: IngestDevice) {
    for unresolved in staged.pointee.unresolved {
      let reading = staged.pointee.readings + Int(unresolved.reading)
      if reading.pointee.series.rawValue == StagedReadings.dropped { continue }
      let node = device.keys.pointee.nodes + Int(unresolved.node)
      if node.pointee.state == .unresolved {
        do throws(StorageError) {
          node.pointee.series = try store.series(of: device.id, metric: device.keys.pointee.path(of: unresolved.node))
          node.pointee.state = .resolved
        } catch {
          node.pointee.state = error == .invalidMetricName ? .invalid : .refused
        }
      }
      switch node.pointee.state {
      case .resolved: reading.pointee.series = node.pointee.series
      case .invalid:
        decoder.tally.invalidMetrics += 1
        staged.pointee.drop(Int(unresolved.reading)..<Int(unresolved.reading) + 1)
      case .refused, .unresolved:
        decoder.tally.refusedSeries += 1
        staged.pointee.drop(Int(unresolved.reading)..<Int(unresolved.reading) + 1)
      }
    }
  }

  /// Makes texts of the staged bytes: only now are they known to be wanted.
  private func keepTexts() {
    for index in staged.pointee.messageStart..<staged.pointee.count where staged.pointee.readings[index].kind == .text {
      batch.texts.append(staged.pointee.text(of: staged.pointee.readings[index].bits))
      staged.pointee.readings[index].bits = UInt64(batch.texts.count - 1)
    }
  }
}
