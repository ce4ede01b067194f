import Glibc

/// A connection to the admin socket of a running hub: one request, while its answer is read.
struct AdminConnection: ~Copyable {
  /// Bytes read or written at once.
  private static let pieceBytes = 128 << 10

  private let descriptor: Int32

  /// Nil where nobody listens.
  ///
  /// - Throws: `TransferError` where somebody may listen, and cannot be reached.
  init?(path: String) throws(TransferError) {
    guard var address = UnixSocketPath.address(path) else {
      throw .system(operation: "connect to \(path)", reason: UnixSocketPath.tooLongWords(path))
    }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .system(operation: "make a socket", reason: SystemWords.ofLastError) }
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard connected == 0 else {
      let code = errno
      let reason = SystemWords.ofLastError
      close(descriptor)
      switch code {
      case ENOENT, ECONNREFUSED, ENOTDIR, ENOTSOCK: return nil
      case EACCES, EPERM: throw .noPermission(path: path)
      default: throw .system(operation: "connect to \(path)", reason: reason)
      }
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Sends a request and gives its answer's body, piece by piece.
  ///
  /// - Parameters:
  ///   - target: path and query.
  ///   - input: the file that is the request's body; nil for none. `first` is what of it was read already.
  ///   - body: gets each piece, with how many bytes there are in all where the hub said so; false ends it.
  /// - Throws: `TransferError`, with the hub's own words where it refused.
  func request(
    _ method: String, _ target: String, input: Int32? = nil, first: [UInt8] = [],
    body: ([UInt8], _ total: UInt64?) throws(TransferError) -> Bool
  ) throws(TransferError) {
    var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    if input != nil { head += "Transfer-Encoding: chunked\r\n" }
    var outgoing = Array((head + "\r\n").utf8)
    if !first.isEmpty { Self.appendChunk(first, to: &outgoing) }
    var sent = 0
    var inputEnded = input == nil
    var parser = HTTPAnswerParser()
    var problem: [UInt8] = []
    while !parser.isComplete {
      var polled = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
      if sent < outgoing.count {
        polled[0].events |= Int16(POLLOUT)
      } else if let input, !inputEnded {
        polled.append(pollfd(fd: input, events: Int16(POLLIN), revents: 0))
      }
      guard poll(&polled, nfds_t(polled.count), -1) >= 0 || errno == EINTR else {
        throw .system(operation: "wait for the hub", reason: SystemWords.ofLastError)
      }
      if polled[0].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
        guard let received = receive() else {
          guard parser.mayEnd else { throw .cutOff }
          break
        }
        var piece: [UInt8] = []
        try parser.take(received, body: &piece)
        if let status = parser.status, status != 200 {
          problem += piece.prefix(Self.pieceBytes - min(problem.count, Self.pieceBytes))
        } else if !piece.isEmpty, try !body(piece, parser.contentLength) {
          return
        }
        continue
      }
      if polled[0].revents & Int16(POLLOUT) != 0 {
        // Where the hub has closed its side, it has answered: that is read next.
        sent = send(outgoing, from: sent) ?? outgoing.count
      } else if polled.count > 1, polled[1].revents != 0, let input {
        let piece = try FileInput.read(input, Self.pieceBytes)
        outgoing.removeAll(keepingCapacity: true)
        sent = 0
        inputEnded = piece.isEmpty
        Self.appendChunk(piece, to: &outgoing)
      }
    }
    guard parser.status == 200 else { throw .refused(reason: HubProblem.words(problem, status: parser.status ?? 0)) }
  }

  /// An empty chunk is the body's end.
  private static func appendChunk(_ piece: [UInt8], to outgoing: inout [UInt8]) {
    outgoing += "\(String(piece.count, radix: 16))\r\n".utf8
    outgoing += piece
    outgoing += [0x0D, 0x0A]
  }

  /// Nil at the end.
  private func receive() -> [UInt8]? {
    let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, count in
      count = max(0, recv(descriptor, buffer.baseAddress, buffer.count, 0))
    }
    return piece.isEmpty ? nil : piece
  }

  /// Where it comes to; nil where the hub takes no more.
  private func send(_ bytes: [UInt8], from start: Int) -> Int? {
    let count = bytes.withUnsafeBytes { buffer in
      Glibc.send(
        descriptor, buffer.baseAddress?.advanced(by: start), buffer.count - start,
        Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }
    if count < 0 { return errno == EAGAIN || errno == EINTR ? start : nil }
    return start + count
  }
}
