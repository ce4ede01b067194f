import MQTTBroker
import NIOCore

/// After so many bytes it is asked whether the socket took them: so much a connection at most is held uncounted.
private let trustedBytes = 4 * 1024

/// What the socket has not taken: here, and in the channel, which takes more than its socket does.
extension MQTTChannelHandler {
  /// Whether the socket took all that it was given.
  var takesOutput: Bool { isWritable && held == 0 }

  /// The channel was given bytes; finds out in time when it holds them because the socket is full.
  func gave(_ count: Int) {
    givenSinceAsked += count
    guard givenSinceAsked >= trustedBytes, let context else { return }
    givenSinceAsked = 0
    held = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    guard held > 0 else { return }
    let taken = context.eventLoop.makePromise(of: Void.self)
    taken.futureResult.assumeIsolated().whenComplete { result in
      self.held = 0
      self.countUnsent()
      if case .success = result { self.mayHaveDrained() }
    }
    // Behind all that is held.
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: taken)
  }

  /// Keeps the total of all clients' unsent output; it changes only while the socket is full.
  func countUnsent() {
    let change = unsent.readableBytes + held - countedUnsent
    guard change != 0 else { return }
    shard.broker.memory.outputChanged(by: change)
    countedUnsent += change
  }
}
