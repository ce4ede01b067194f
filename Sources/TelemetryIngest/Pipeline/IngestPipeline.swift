package import TimeSeriesStorage

/// Turns payloads into readings, gathers them in a batch, and hands the batch to the store.
///
/// One an event loop: it has no lock, and belongs to the thread that uses it. Messages are looked at as they come;
/// `flush` follows once a socket read, so that the store's locks are taken once for all of them.
package final class IngestPipeline {
  package let store: TimeSeriesStore
  package let limits: IngestLimits
  let deadLetters: DeadLetterRing
  let counters: IngestCounters
  let staged: UnsafeMutablePointer<StagedReadings>
  /// The next flush's batch: the texts that it will need.
  var batch = ReadingBatch()
  /// Done since the counters were last brought up to date.
  // Unchecked, here and below: no access encloses another, and the check would cost as much as the work.
  @exclusivity(unchecked) var totals = IngestTotals()
  var devices = DeviceCache()
  /// Numbers the objects that were read, so that each has its own.
  @exclusivity(unchecked) private var message: UInt64 = 0

  package init(
    store: TimeSeriesStore, deadLetters: DeadLetterRing, counters: IngestCounters, limits: IngestLimits = IngestLimits()
  ) {
    self.store = store
    self.deadLetters = deadLetters
    self.counters = counters
    self.limits = limits.bounded(by: store.limits)
    staged = .allocate(capacity: 1)
    staged.initialize(to: StagedReadings(limits: self.limits))
  }

  deinit {
    staged.deinitialize(count: 1)
    staged.deallocate()
  }

  /// Takes a message of `v1/devices/{device}/telemetry`: JSON, an object or an array of objects.
  ///
  /// All of it or nothing: readings join the pending batch only where the whole message is well-formed.
  /// - Parameters:
  ///   - topic: the whole topic, for a dead letter.
  ///   - receivedAt: time of receipt, Unix milliseconds.
  package func ingestJSON(
    _ payload: UnsafeRawBufferPointer, from device: IngestDevice, topic: UnsafeRawBufferPointer, receivedAt: Int64
  ) -> IngestResult {
    do throws(DeadLetterReason) {
      var decoder = try decoder(payload, device, receivedAt)
      defer { message = decoder.message }
      try decoder.decodeMessages()
      return keep(&decoder, of: device)
    } catch {
      return refuse(payload, from: device, topic: topic, reason: error, receivedAt: receivedAt)
    }
  }

  /// Takes a message of `v1/devices/{device}/telemetry/{metric...}`: one bare value, or `{"ts":…,"value":…}`.
  ///
  /// - Parameter metricLevels: what follows `telemetry/` in the topic; its levels are joined by dots.
  package func ingestValue(
    _ payload: UnsafeRawBufferPointer, metricLevels: UnsafeRawBufferPointer, from device: IngestDevice,
    topic: UnsafeRawBufferPointer, receivedAt: Int64
  ) -> IngestResult {
    do throws(DeadLetterReason) {
      var decoder = try decoder(payload, device, receivedAt)
      defer { message = decoder.message }
      try decoder.decodeMetric(levels: metricLevels)
      return keep(&decoder, of: device)
    } catch {
      return refuse(payload, from: device, topic: topic, reason: error, receivedAt: receivedAt)
    }
  }

  @inline(__always)
  private func decoder(
    _ payload: UnsafeRawBufferPointer, _ device: IngestDevice, _ receivedAt: Int64
  ) throws(DeadLetterReason) -> MessageDecoder {
    staged.pointee.beginMessage()
    totals.messages &+= 1
    totals.bytes &+= UInt64(payload.count)
    guard payload.count <= limits.maximumPayloadBytes else {
      throw .payloadTooLarge(bytes: payload.count, limit: limits.maximumPayloadBytes)
    }
    let (oldest, isBeforeAll) = receivedAt.subtractingReportingOverflow(store.limits.rawRetention)
    return MessageDecoder(
      reader: try JSONReader(payload, maximumDepth: limits.maximumDepth), keys: device.keys, staged: staged,
      receivedAt: receivedAt, oldest: isBeforeAll ? .min : oldest, message: message)
  }

  /// Records a message that no decoder is to look at, such as one of a device that was refused.
  package func recordDeadLetter(
    _ payload: UnsafeRawBufferPointer, device: String?, topic: UnsafeRawBufferPointer, reason: DeadLetterReason,
    receivedAt: Int64
  ) {
    totals.messages &+= 1
    totals.bytes &+= UInt64(payload.count)
    totals.deadLetters[reason.kind] &+= 1
    deadLetters.record(topic: topic, device: device, reason: reason, payload: payload, time: receivedAt)
  }

  private func refuse(
    _ payload: UnsafeRawBufferPointer, from device: IngestDevice, topic: UnsafeRawBufferPointer,
    reason: DeadLetterReason, receivedAt: Int64
  ) -> IngestResult {
    staged.pointee.discardMessage()
    totals.deadLetters[reason.kind] &+= 1
    deadLetters.record(topic: topic, device: device.name, reason: reason, payload: payload, time: receivedAt)
    learned(device)
    return .deadLetter(reason)
  }
}
