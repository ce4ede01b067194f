import Testing

@testable import TelemetryHub

@Suite struct HTTPAnswerParserTests {
  private static let answers: [(text: String, status: Int, body: String)] = [
    ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello"),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nA: b\r\n\r\n", 200, "hello"),
    ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad Request\r\nContent-Length: 1\r\n\r\nx", 400, "x"),
    ("HTTP/1.1 204 No Content\r\n\r\n", 204, ""), ("HTTP/1.0 200 OK\n\nhello", 200, "hello"),
  ]

  @Test func readsAnswersTornAnywhere() throws {
    for answer in Self.answers {
      let bytes = Array(answer.text.utf8)
      for offset in bytes.indices {
        var parser = HTTPAnswerParser()
        var body: [UInt8] = []
        try parser.take(Array(bytes[..<offset]), body: &body)
        if offset < bytes.count - 1, !answer.text.hasPrefix("HTTP/1.0") { #expect(!parser.mayEnd, "\(answer.text)") }
        try parser.take(Array(bytes[offset...]), body: &body)
        #expect(parser.mayEnd && parser.status == answer.status)
        #expect(String(decoding: body, as: UTF8.self) == answer.body)
      }
    }
  }

  @Test(arguments: ["SSH-2.0\r\n", "HTTP/1.1 x\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"])
  func refusesWhatIsNoHTTP(text: String) {
    var parser = HTTPAnswerParser()
    var body: [UInt8] = []
    #expect(throws: TransferError.notHTTP) { try parser.take(Array(text.utf8), body: &body) }
  }
}
