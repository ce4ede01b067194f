import NIOCore
import NIOPosix

/// A client that sends exactly the bytes it is told to, and reads only when asked.
struct RawConnection: Sendable {
  private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

  /// Connects to the hub on loopback, gives the connection to `body`, and closes it.
  static func with<Value: Sendable>(
    port: Int,
    _ body: (_ writer: NIOAsyncChannelOutboundWriter<ByteBuffer>, _ reader: inout Reader) async throws -> Value
  ) async throws -> Value {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      var reader = Reader(inbound.makeAsyncIterator())
      return try await body(outbound, &reader)
    }
  }

  /// What has come from the hub, bounded by what the test takes.
  struct Reader {
    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator

    init(_ iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator) { self.iterator = iterator }

    /// The next bytes; nil once the hub has closed.
    mutating func next() async throws -> ByteBuffer? { try await iterator.next() }

    /// Everything up to and including `end`, or up to the close.
    mutating func read(until end: String) async throws -> String {
      var text = ""
      while !text.hasSuffix(end), let bytes = try await next() { text += String(buffer: bytes) }
      return text
    }
  }
}

extension NIOAsyncChannelOutboundWriter<ByteBuffer> {
  func send(_ text: String) async throws { try await write(ByteBuffer(string: text)) }
}
