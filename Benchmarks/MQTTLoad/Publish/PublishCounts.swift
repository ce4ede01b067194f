/// What has happened until a moment.
struct PublishCounts {
  var time: Int64 = 0
  var processorTime: Int64 = 0
  var published = 0
  /// Acknowledged to the last packet; at QoS 0 none.
  var completed = 0
  var delivered = 0

  /// This moment's counts.
  func at(_ time: Int64) -> PublishCounts {
    var counts = self
    counts.time = time
    counts.processorTime = LoadClock.processorTime()
    return counts
  }
}
