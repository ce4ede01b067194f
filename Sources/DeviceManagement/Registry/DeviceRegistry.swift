import Synchronization

/// Devices as they came and went, in memory and bounded. Every time is Unix milliseconds.
package final class DeviceRegistry: Sendable {
  /// A reference, so that the table stays small and a device is changed in place. Used under the lock only.
  private final class Entry {
    var record: DeviceRecord
    let activity: DeviceActivity

    init(name: String, now: Int64) {
      record = DeviceRecord(name: name, firstSeen: now, lastSeen: now)
      activity = DeviceActivity(now: now)
    }

    /// The record with what was counted without the lock.
    var current: DeviceRecord {
      var record = record
      record.lastSeen = max(record.lastSeen, activity.lastSeen)
      record.counts = activity.counts
      return record
    }
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var bytes = 0
    var forgotten = 0
  }

  package let limits: DeviceManagementLimits
  private let state: Mutex<State>

  package init(limits: DeviceManagementLimits = DeviceManagementLimits()) {
    self.limits = limits
    state = Mutex(State())
  }

  // MARK: What happens

  /// A session of the device began. Nil where so many devices are connected that it cannot be remembered.
  @discardableResult
  package func connected(device: String, connection: DeviceConnection) -> DeviceActivity? {
    change(device, now: connection.since) { entry, _ in
      entry.record.connections.removeAll { $0.clientIdentifier == connection.clientIdentifier }
      if entry.record.connections.count < limits.maximumConnectionsPerDevice {
        entry.record.connections.append(connection)
      }
      return entry.activity
    }
  }

  /// A session of the device ended; `reason` in words, as in "keep-alive exceeded". A session that was taken over by a
  /// newer one of the same client identifier ends before that one is told here.
  package func disconnected(device: String, clientIdentifier: String, reason: String, now: Int64) {
    state.withLock { state in
      guard let entry = state.entries[device] else { return }
      entry.record.connections.removeAll { $0.clientIdentifier == clientIdentifier }
      entry.record.lastDisconnection = .init(time: now, reason: reason)
      if entry.record.connections.isEmpty { entry.record.awaitsCommands = false }
    }
  }

  /// The device subscribed to its commands, or no longer does.
  package func awaitsCommands(_ awaits: Bool, device: String, now: Int64) {
    _ = change(device, now: now) { entry, _ in entry.record.awaitsCommands = awaits }
  }

  /// The device's activity, to count on without a lock; a device not known becomes known.
  package func activity(of device: String, now: Int64) -> DeviceActivity? {
    change(device, now: now) { entry, _ in entry.activity }
  }

  /// The device was heard.
  package func seen(device: String, now: Int64) { _ = activity(of: device, now: now) }

  /// Facts about the device, from its `attributes` topic: any JSON object. An empty payload clears them.
  package func setAttributes(device: String, payload: [UInt8], now: Int64) throws(RegistryError) {
    guard payload.count <= limits.maximumAttributesBytes else {
      throw .attributesTooLarge(bytes: payload.count, limit: limits.maximumAttributesBytes)
    }
    var attributes: [UInt8]?
    if !payload.isEmpty {
      let value: JSONValue
      do throws(JSONError) {
        value = try JSONValue(parsing: payload, maximumDepth: limits.maximumJSONDepth)
      } catch {
        throw .attributesUnreadable(reason: error.description)
      }
      guard case .object = value else {
        throw .attributesUnreadable(reason: "expected an object, found \(value.kind)")
      }
      attributes = value.encoded
    }
    try keep(device, now: now) { $0.attributes = attributes }
  }

  /// The device's own word on its `status` topic: `online`, `offline`. An empty payload clears it.
  package func setStatus(device: String, payload: [UInt8], now: Int64) throws(RegistryError) {
    guard payload.count <= limits.maximumStatusBytes else {
      throw .statusTooLarge(bytes: payload.count, limit: limits.maximumStatusBytes)
    }
    guard let text = String(validating: payload, as: UTF8.self) else { throw .statusUnreadable }
    try keep(device, now: now) { $0.status = text.isEmpty ? nil : .init(text: text, time: now) }
  }

  // MARK: What is known

  /// What is known of the device; nil where it is not known here (it may still have readings).
  package func record(of device: String) -> DeviceRecord? {
    state.withLock { $0.entries[device]?.current }
  }

  /// The names of devices that acted as such, in no order.
  package func devices() -> [String] {
    state.withLock { state in state.entries.values.lazy.map(\.current).filter(\.actsAsDevice).map(\.name) }
  }

  package var statistics: RegistryStatistics {
    state.withLock { state in
      RegistryStatistics(
        devices: state.entries.count,
        connected: state.entries.values.count { !$0.record.connections.isEmpty }, bytes: state.bytes,
        forgotten: state.forgotten, withoutSeries: culprits(of: state))
    }
  }

  private func culprits(of state: State) -> [(device: String, values: Int)] {
    state.entries.values.lazy.map { (device: $0.record.name, values: $0.activity.counts.withoutSeries) }
      .filter { $0.values > 0 }.sorted { ($1.values, $0.device) < ($0.values, $1.device) }
      .prefix(limits.culpritsShown).map { $0 }
  }

  // MARK: Changes

  private func change<Result: Sendable>(
    _ device: String, now: Int64, _ body: (Entry, inout State) -> Result
  ) -> Result? {
    state.withLock { state in
      let entry: Entry
      if let known = state.entries[device] {
        entry = known
      } else {
        if state.entries.count >= limits.maximumDevices, !forgetOldest(&state) { return nil }
        entry = Entry(name: device, now: now)
        state.entries[device] = entry
      }
      entry.record.lastSeen = max(entry.record.lastSeen, now)
      return body(entry, &state)
    }
  }

  private func keep(
    _ device: String, now: Int64, _ body: (inout DeviceRecord) -> Void
  ) throws(RegistryError) {
    let taken = change(device, now: now) { entry, state in
      var record = entry.record
      body(&record)
      let bytes = state.bytes - entry.record.bytes + record.bytes
      guard bytes <= limits.maximumRegistryBytes || record.bytes <= entry.record.bytes else { return false }
      state.bytes = bytes
      entry.record = record
      return true
    }
    guard let taken else { throw .tooManyDevices(limit: limits.maximumDevices) }
    guard taken else { throw .full(limit: limits.maximumRegistryBytes) }
  }

  /// Forgets a sixteenth of all, those seen longest ago first and mere clients before devices; false where all are
  /// connected. Many at once, so that a flood of new names does not sort the registry for each.
  private func forgetOldest(_ state: inout State) -> Bool {
    let idle = state.entries.values.lazy.filter { $0.record.connections.isEmpty }.map(\.current)
    let oldest = idle.sorted { left, right in
      left.actsAsDevice == right.actsAsDevice ? left.lastSeen < right.lastSeen : !left.actsAsDevice
    }
    for record in oldest.prefix(max(1, limits.maximumDevices / 16)) {
      state.entries[record.name] = nil
      state.bytes -= record.bytes
      state.forgotten += 1
    }
    return !oldest.isEmpty
  }
}
