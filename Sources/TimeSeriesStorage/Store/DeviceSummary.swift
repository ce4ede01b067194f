/// What the store knows of a device, at one moment.
package struct DeviceSummary: Sendable, Equatable {
  package var id: DeviceID
  package var name: String
  package var seriesCount: Int
  /// The newest reading's time over all its series, Unix milliseconds.
  package var newestTime: Int64?
  /// When a newest reading last came, Unix milliseconds.
  package var newestReceived: Int64?

  package init(id: DeviceID, name: String, seriesCount: Int, newestTime: Int64?, newestReceived: Int64?) {
    self.id = id
    self.name = name
    self.seriesCount = seriesCount
    self.newestTime = newestTime
    self.newestReceived = newestReceived
  }
}
