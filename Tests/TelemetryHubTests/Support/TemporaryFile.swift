import Glibc
import Testing

/// Runs `body` with the path of a file that holds the bytes and is gone afterwards.
func withTemporaryFile(_ bytes: some Collection<UInt8>, _ body: (_ path: String) throws -> Void) throws {
  var template = Array("/tmp/telemetry-hub-test-XXXXXX".utf8CString)
  let descriptor = mkstemp(&template)
  try #require(descriptor >= 0)
  let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer {
    close(descriptor)
    unlink(path)
  }
  let contents = Array(bytes)
  try #require(write(descriptor, contents, contents.count) == contents.count)
  try body(path)
}
