/// What a deletion of chunks took from the file.
struct RemovedChunks {
  var readings = 0
  var bytes: Int64 = 0

  static func += (total: inout RemovedChunks, more: RemovedChunks) {
    total.readings += more.readings
    total.bytes += more.bytes
  }
}
