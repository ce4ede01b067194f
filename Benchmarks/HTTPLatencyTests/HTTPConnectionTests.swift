import Glibc
import Testing

@testable import HTTPLatency

/// The other end of a connection: what it has to say is said before it is asked.
private final class Peer {
  let descriptor: CInt
  /// The end to be read from.
  let other: CInt

  init(saying text: String) throws {
    var pair: [CInt] = [0, 0]
    guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &pair) == 0 else { throw HTTPFailure(call: "socketpair") }
    (descriptor, other) = (pair[0], pair[1])
    let bytes = Array(text.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else { throw HTTPFailure(call: "write") }
    // Behind it there is nothing more.
    shutdown(descriptor, CInt(SHUT_WR))
  }

  deinit { close(descriptor) }

  var request: String {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
  }
}

@Suite struct HTTPConnectionTests {
  private static let counted = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-A: b\r\n\r\nhello\r\n\r\n5\r"
  private static let chunked =
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel\r\n\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n"
  private static let empty = "HTTP/1.1 200 OK\r\nCONTENT-LENGTH:0\r\n\r\n"
  private static let request = Array("GET / HTTP/1.1\r\n\r\n".utf8)

  /// What one answer after the other has for a body.
  private func lengths(of text: String, answers: Int, bufferBytes: Int) throws -> [Int] {
    let peer = try Peer(saying: text)
    var connection = HTTPConnection(adopting: peer.other, bufferBytes: bufferBytes)
    var lengths: [Int] = []
    for _ in 0..<answers { lengths.append(try connection.answer(to: Self.request)) }
    #expect(peer.request == String(repeating: "GET / HTTP/1.1\r\n\r\n", count: answers))
    return lengths
  }

  @Test("Answers with a length and in chunks end where they end, however they are cut into reads", arguments: 32...300)
  func ends(bufferBytes: Int) throws {
    let text = Self.counted + Self.chunked + Self.empty + Self.chunked + Self.counted
    #expect(try lengths(of: text, answers: 5, bufferBytes: bufferBytes) == [11, 31, 0, 31, 11])
  }

  @Test("A body that is larger than the buffer is read to its end")
  func large() throws {
    let body = String(repeating: "x", count: 20_000)
    let text = "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n\(body)" + Self.counted
    #expect(try lengths(of: text, answers: 2, bufferBytes: 64) == [20_000, 11])
  }

  @Test(
    "What is no whole answer of 200 is an error",
    arguments: [
      "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nhello", "",
      "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nhello\r\n0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello",
    ])
  func faults(text: String) throws {
    #expect(throws: HTTPFailure.self) { try lengths(of: text, answers: 1, bufferBytes: 256) }
  }
}
