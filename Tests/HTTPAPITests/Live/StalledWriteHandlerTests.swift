import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import HTTPAPI

@Suite struct StalledWriteHandlerTests {
  private func channel() throws -> EmbeddedChannel {
    let channel = EmbeddedChannel(handler: StalledWriteHandler(timeout: .seconds(10)))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return channel
  }

  private func part(_ count: Int = 1) -> HTTPResponsePart { .body(ByteBuffer(repeating: 1, count: count)) }

  @Test func closesOnceNothingIsTakenForSoLong() throws {
    let channel = try channel()
    channel.write(part(), promise: nil)
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(9_999))
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
    #expect(!channel.isActive)
  }

  @Test func progressGivesItMoreTime() throws {
    let channel = try channel()
    channel.write(part(), promise: nil)
    for _ in 0..<5 {
      channel.embeddedEventLoop.advanceTime(by: .seconds(9))
      // What is flushed counts as taken; there is more at once.
      channel.flush()
      channel.write(part(), promise: nil)
    }
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .seconds(10))
    #expect(!channel.isActive)
  }

  @Test func anIdleConnectionIsLeftAlone() throws {
    let channel = try channel()
    channel.writeAndFlush(part(), promise: nil)
    channel.embeddedEventLoop.advanceTime(by: .seconds(1_000))
    #expect(channel.isActive)
    channel.write(part(), promise: nil)
    channel.embeddedEventLoop.advanceTime(by: .milliseconds(9_999))
    #expect(channel.isActive)
    channel.flush()
    channel.embeddedEventLoop.advanceTime(by: .seconds(100))
    #expect(channel.isActive)
    _ = try channel.finish()
  }
}
