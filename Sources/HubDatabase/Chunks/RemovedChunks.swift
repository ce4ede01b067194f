/// What a deletion of chunks took from the file.
struct RemovedChunks {
  var readings = 0
  var bytes: Int64 = 0
  /// Of the newest reading.
  var lastTime = Int64.min

  /// From which time on everything is there.
  var end: Int64 { lastTime == .max ? .max : lastTime + 1 }

  static func += (total: inout RemovedChunks, more: RemovedChunks) {
    total.readings += more.readings
    total.bytes += more.bytes
    total.lastTime = max(total.lastTime, more.lastTime)
  }
}
