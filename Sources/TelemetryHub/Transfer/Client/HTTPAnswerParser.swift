/// Reads one HTTP/1.1 answer from a stream of bytes, wherever its pieces are torn. (RFC 9112)
struct HTTPAnswerParser: Sendable {
  /// Bytes of a line of the head, or of a chunk's size.
  private static let maximumLineBytes = 16 << 10

  private enum State: Equatable {
    case statusLine
    case fields
    /// Bytes of the body that are to come.
    case counted(UInt64)
    case chunkSize
    case chunk(UInt64)
    case chunkEnd
    case trailers
    case untilClose
    case complete
  }

  private var state = State.statusLine
  private var line: [UInt8] = []
  private var isChunked = false
  /// Nil until the head is read.
  private(set) var status: Int?
  private(set) var contentLength: UInt64?

  var isComplete: Bool { state == .complete }

  /// Whether the answer is whole where the connection ends here.
  var mayEnd: Bool { state == .complete || state == .untilClose }

  /// Takes the next bytes and appends what of the body is in them.
  ///
  /// - Throws: `TransferError` where they are no HTTP.
  mutating func take(_ bytes: [UInt8], body: inout [UInt8]) throws(TransferError) {
    var position = 0
    while position < bytes.count {
      switch state {
      case .complete: return
      case .untilClose:
        body += bytes[position...]
        return
      case .counted(let rest), .chunk(let rest):
        let count = Int(min(rest, UInt64(bytes.count - position)))
        body += bytes[position..<position + count]
        position += count
        let left = rest - UInt64(count)
        if case .chunk = state {
          state = left == 0 ? .chunkEnd : .chunk(left)
        } else {
          state = left == 0 ? .complete : .counted(left)
        }
      case .statusLine, .fields, .chunkSize, .chunkEnd, .trailers:
        let byte = bytes[position]
        position += 1
        guard byte == 0x0A else {
          guard line.count < Self.maximumLineBytes else { throw .notHTTP }
          line.append(byte)
          continue
        }
        if line.last == 0x0D { line.removeLast() }
        try take(line: String(decoding: line, as: UTF8.self))
        line.removeAll(keepingCapacity: true)
      }
    }
  }

  private mutating func take(line: String) throws(TransferError) {
    switch state {
    case .statusLine:
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let code = Int(words[1]), (100...599).contains(code)
      else { throw .notHTTP }
      status = code
      state = .fields
    case .fields:
      guard line.isEmpty else { return field(line) }
      endHead()
    case .chunkSize:
      guard let size = UInt64(line.prefix { $0 != ";" && $0 != " " }, radix: 16) else { throw .notHTTP }
      state = size == 0 ? .trailers : .chunk(size)
    case .chunkEnd:
      guard line.isEmpty else { throw .notHTTP }
      state = .chunkSize
    case .trailers: if line.isEmpty { state = .complete }
    case .counted, .chunk, .untilClose, .complete: preconditionFailure("BUG: no line is expected here")
    }
  }

  private mutating func field(_ line: String) {
    let parts = line.split(separator: ":", maxSplits: 1)
    guard parts.count == 2 else { return }
    let value = parts[1].drop { $0 == " " || $0 == "\t" }
    switch parts[0].lowercased() {
    case "content-length": contentLength = UInt64(value)
    case "transfer-encoding": isChunked = value.lowercased() == "chunked"
    default: break
    }
  }

  private mutating func endHead() {
    if let code = status, code < 200 {
      status = nil
      state = .statusLine
    } else if status == 204 {
      state = .complete
    } else if isChunked {
      state = .chunkSize
    } else if let contentLength {
      state = contentLength == 0 ? .complete : .counted(contentLength)
    } else {
      state = .untilClose
    }
  }
}
