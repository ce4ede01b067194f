import HTTPAPI
import HubDatabase

/// A copy of the database as the bytes of a file.
struct BackupSource: ByteSource {
  private let copy: DatabaseCopy
  private var offset: Int64 = 0
  let contentType = "application/vnd.sqlite3"
  let byteCount: Int64?

  init(_ copy: DatabaseCopy) {
    self.copy = copy
    byteCount = copy.byteCount
  }

  mutating func produce(into bytes: inout [UInt8], target: Int) throws -> Bool {
    let before = bytes.count
    try copy.read(target, at: offset, into: &bytes)
    offset += Int64(bytes.count - before)
    return offset < byteCount ?? 0 && bytes.count > before
  }
}
