import Hummingbird
import NIOCore

/// Makes an answer piece by piece, so that its length costs no memory.
protocol BodyProducer: Sendable {
  /// Adds about `target` bytes, or what is left; false once the answer is complete. Where it throws after the answer has
  /// begun, the connection is closed without the answer's end, so that nobody takes a part for all.
  mutating func produce(into json: inout JSONWriter, target: Int) throws -> Bool

  /// How long the answer will be, about, where that is known: memory for it is then taken at once.
  var likelyBytes: Int { get }
}

extension BodyProducer {
  var likelyBytes: Int { 2_048 }
}

/// Bytes by which a piece may be longer than it was to be, about.
private let overhang = 12 * 1024

extension ResponseBody {
  /// `first`, then what the producer makes as the client reads.
  static func streaming(
    _ first: ByteBuffer, then producer: some BodyProducer, chunkBytes: Int, on channel: any Channel
  ) -> ResponseBody {
    ResponseBody { writer in
      try await writer.write(first)
      var producer = producer
      var json = JSONWriter(capacity: chunkBytes + overhang)
      var more = true
      while more {
        more = try await EventLoopExecutor.onPool { try producer.produce(into: &json, target: chunkBytes) }
        // Waits where the connection is known to be full; whether it is, its event loop has said once it has taken
        // what was written before. Without that a busy loop would let the whole answer gather in memory.
        if json.count > 0 { try await writer.write(json.buffer) }
        try await channel.eventLoop.submit {}.get()
        json.removeAll()
        try Task.checkCancellation()
      }
      try await writer.finish(nil)
    }
  }
}

extension Response {
  /// An answer from a producer: with a length where it fits one chunk, else streamed on the request's connection.
  static func producing(
    _ producer: some BodyProducer, contentType: String, headers: HTTPFields = [:], chunkBytes: Int,
    for context: HubRequestContext
  ) throws -> Response {
    var producer = producer
    var json = JSONWriter(capacity: min(producer.likelyBytes, chunkBytes + overhang))
    let more = try producer.produce(into: &json, target: chunkBytes)
    guard more else { return complete(&json, contentType: contentType, headers: headers) }
    var headers = headers
    headers[.contentType] = contentType
    return Response(
      status: .ok, headers: headers,
      body: .streaming(json.take(), then: producer, chunkBytes: chunkBytes, on: context.channel))
  }
}
