import MQTTBroker
import NIOCore

/// When the socket is read: not while its peer takes no output, not while the broker says so, not over the rate.
extension MQTTChannelHandler {
  /// The next read of the socket waits while the peer takes no output: who does not read is not read from.
  func read(context: ChannelHandlerContext) {
    if !isReadingWithheld && (takesOutput || reading == .ended) {
      context.read()
    } else {
      wantsRead = true
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    isWritable = context.channel.isWritable
    if isWritable { mayHaveDrained() }
    context.fireChannelWritabilityChanged()
  }

  /// Later where it comes out of our own flush, which may stand in the middle of a decision.
  func mayHaveDrained() {
    isCallingOut ? loop.eventLoop.assumeIsolated().execute { self.drained() } : drained()
  }

  private func drained() {
    guard takesOutput else { return }
    flush()
    lingerOnceSent()
    if context != nil, let connection, reading != .ended { shard.outputDrained(connection, at: loop.now()) }
    readIfWanted()
  }

  func readIfWanted() {
    guard wantsRead, let context, !isReadingWithheld, takesOutput else { return }
    wantsRead = false
    context.read()
  }

  /// Whether the hub itself reads nothing from this client now, so that its silence says nothing.
  var isReadingWithheld: Bool { reading == .paused || reading == .throttled || reading == .resting }

  // MARK: Rates

  /// Reads nothing more from a client that is over its rate until it is within it: nothing is lost, TCP pushes back.
  func throttleIfOverRate() {
    guard reading == .active, !isInputOver, let rates else { return }
    let wait = rates.wait(at: time.monotonic)
    guard wait > 0 else { return }
    reading = .throttled
    rates.scheduleRelease(in: wait, on: loop.eventLoop) { [weak self] in self?.release() }
  }

  private func release() {
    guard reading == .throttled else { return }
    reading = .active
    time = loop.now()
    throttleIfOverRate()
    guard reading == .active else { return }
    // Its keep-alive begins anew, as that of a client whose socket was full.
    if let connection { shard.outputDrained(connection, at: time) }
    goOn()
  }

  /// Handles what was kept while nothing was read, then what ends the input, or reads on.
  func goOn() {
    if !isReadingWithheld, let kept = takeUnread() {
      time = loop.now()
      process(kept, isOurs: true)
      settleRead()
    }
    handleWaiting()
    readIfWanted()
  }
}
