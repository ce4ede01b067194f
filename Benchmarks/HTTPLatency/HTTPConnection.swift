import Glibc

/// One blocking HTTP/1.1 connection that reads answers and counts their bytes.
struct HTTPConnection: ~Copyable {
  /// More than any answer that is measured; a server may say what it likes.
  private static let bodyBytes = 0...(1 << 40)

  private let descriptor: CInt
  private var buffer: [UInt8]
  /// What of `buffer` was received and not read yet.
  private var start = 0
  private var end = 0

  /// Takes over a connected socket; no more than `bufferBytes` are read at once.
  init(adopting descriptor: CInt, bufferBytes: Int = 256 << 10) {
    self.descriptor = descriptor
    buffer = [UInt8](repeating: 0, count: bufferBytes)
  }

  init(host: String, port: UInt16) throws {
    self.init(adopting: try Self.connectedSocket(host: host, port: port))
  }

  private static func connectedSocket(host: String, port: UInt16) throws -> CInt {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw HTTPFailure(call: "socket") }
    var on: CInt = 1
    setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
    // A server that does not answer ends the measurement instead of holding it.
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { throw HTTPFailure("\(host) is not an IPv4 address") }
    let status = withUnsafeBytes(of: &address) { bytes in
      Glibc.connect(
        descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
    guard status == 0 else { throw HTTPFailure(call: "cannot connect to \(host):\(port)") }
    return descriptor
  }

  deinit { close(descriptor) }

  /// Sends a request and reads its answer; returns the bytes of its body.
  mutating func answer(to request: [UInt8]) throws -> Int {
    var sent = 0
    while sent < request.count {
      let count = request.withUnsafeBytes {
        send(descriptor, $0.baseAddress?.advanced(by: sent), request.count - sent, CInt(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw HTTPFailure(call: "cannot send") }
      sent += count
    }
    let status = try line()
    guard status.hasPrefix("HTTP/1.1 200") else { throw HTTPFailure("the server answers \(status)") }
    var length: Int?
    var isChunked = false
    while true {
      let field = try line().lowercased()
      if field.isEmpty { break }
      if field.hasPrefix("content-length:") { length = Int(field.dropFirst(15).drop { $0 == " " }) }
      if field.hasPrefix("transfer-encoding:"), field.hasSuffix("chunked") { isChunked = true }
    }
    if isChunked { return try chunkedBody() }
    guard let length, Self.bodyBytes.contains(length) else { throw HTTPFailure("an answer without a length") }
    try skip(length)
    return length
  }

  private mutating func chunkedBody() throws -> Int {
    var bytes = 0
    while true {
      guard let length = Int(try line(), radix: 16), Self.bodyBytes.contains(length) else {
        throw HTTPFailure("a chunk without a length")
      }
      try skip(length + 2)
      if length == 0 { return bytes }
      bytes += length
    }
  }

  /// A line without its end.
  private mutating func line() throws -> String {
    // From `start` on.
    var searched = 0
    while true {
      while start + searched < end {
        if buffer[start + searched] == 0x0A {
          let text = String(decoding: buffer[start..<start + max(0, searched - 1)], as: UTF8.self)
          start += searched + 1
          return text
        }
        searched += 1
      }
      if start > 0, end == buffer.count {
        buffer.removeSubrange(0..<start)
        buffer.append(contentsOf: repeatElement(0, count: start))
        end -= start
        start = 0
      }
      try receive()
    }
  }

  private mutating func skip(_ count: Int) throws {
    var left = count
    while true {
      let taken = min(left, end - start)
      start += taken
      left -= taken
      if left == 0 { return }
      try receive()
    }
  }

  private mutating func receive() throws {
    if start == end { (start, end) = (0, 0) }
    guard end < buffer.count else { throw HTTPFailure("a header of more than \(buffer.count) bytes") }
    let free = buffer.count - end
    let count = buffer.withUnsafeMutableBytes { [descriptor, end] in
      recv(descriptor, $0.baseAddress?.advanced(by: end), free, 0)
    }
    if count < 0, errno == EINTR { return }
    if count < 0 { throw HTTPFailure(call: "no answer from the server") }
    if count == 0 { throw HTTPFailure("the server closed the connection") }
    end += count
  }
}
