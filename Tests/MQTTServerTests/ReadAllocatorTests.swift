import MQTTBroker
import MQTTProtocol
import NIOCore
import NIOEmbedded
import Testing

@testable import MQTTServer

/// What connections read into: one buffer of their loop, of which none keeps anything.
@Suite struct ReadAllocatorTests {
  /// NIO's side of a connection, as its socket channels have it.
  private struct Reader {
    var pool: NIOPooledRecvBufferAllocator
    let peer: Peer

    /// Reads once, and hands over what came; returns where it stood and how much could have come.
    mutating func read(_ bytes: [UInt8]) throws -> (place: UInt, room: Int) {
      let (buffer, room) = pool.buffer(allocator: ByteBufferAllocator()) { buffer in
        let room = buffer.writableBytes
        buffer.writeBytes(bytes)
        return room
      }
      pool.record(actualReadBytes: bytes.count)
      peer.channel.pipeline.fireChannelRead(buffer)
      peer.channel.pipeline.fireChannelReadComplete()
      return (buffer.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }, room)
    }
  }

  private func reader(_ name: String, _ door: Door, size: Int = EventLoopShard.readSize) throws -> Reader {
    let peer = try door.connect()
    var reader = Reader(
      pool: NIOPooledRecvBufferAllocator(capacity: 1, recvAllocator: ReadAllocator(loop: door.loop, size: size)),
      peer: peer)
    let room = try reader.read(ConnectPacket(version: .v5, clientIdentifier: name).bytes).room
    #expect(room == ReadAllocator.firstSize)
    return reader
  }

  private static let ping = ControlPacket.pingreq.encoded(version: .v5)

  @Test func allReadIntoTheSameBuffer() throws {
    let door = Door()
    var readers = try (0..<3).map { try reader("c\($0)", door) }
    var places: Set<UInt> = []
    for _ in 0..<3 {
      for index in readers.indices {
        let (place, room) = try readers[index].read(Self.ping)
        places.insert(place)
        #expect(room == EventLoopShard.readSize)
      }
    }
    #expect(places.count == 1)
  }

  /// The beginning of a packet is kept, not the buffer that it came in, and nothing overwrites it.
  @Test func whatIsKeptHasItsOwnPlace() throws {
    let door = Door()
    var (first, second) = (try reader("a", door), try reader("b", door))
    let publish = ControlPacket.publish(
      PublishPacket(
        topic: Array("t".utf8), payload: Array(repeating: 9, count: 900), qos: .atLeastOnce, packetIdentifier: 7)
    ).encoded(version: .v5)
    _ = try first.peer.output()
    let place = try first.read(Array(publish.prefix(500))).place
    #expect(try second.read(Self.ping).place == place)
    _ = try first.read(Array(publish.dropFirst(500)))
    guard case .puback(let puback)? = try packets(first.peer.output()).first else {
      Issue.record("no PUBACK")
      return
    }
    #expect(puback.packetIdentifier == 7)
  }

  /// Where clients have a rate, little is taken at once.
  @Test func readsMayBeSmaller() throws {
    var reader = try reader("c", Door(), size: 16_384)
    #expect((16_384..<EventLoopShard.readSize).contains(try reader.read(Self.ping).room))
  }

  /// HTTP may keep what it reads; WebSocket has the loop's buffer too.
  @Test func webSocketReadsLikewise() throws {
    let peer = try Door().connectWebSocket()
    func allocator() -> (any RecvByteBufferAllocator)? {
      peer.channel.options.lazy.compactMap { $0.value as? any RecvByteBufferAllocator }.first
    }
    #expect(allocator() == nil)
    try peer.send(WebSocketPeer.request())
    #expect(allocator() is ReadAllocator)
  }
}
