import NIOCore
import NIOHTTPTypes

/// Closes a connection whose client does not read its answer.
///
/// Writes wait until the client takes them, so a client that never reads would otherwise be kept for ever.
final class StalledWriteHandler: ChannelOutboundHandler, RemovableChannelHandler {
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let timeout: TimeAmount
  private var pendingWrites = 0
  private var lastProgress = NIODeadline.uptimeNanoseconds(0)
  private var check: Scheduled<Void>?

  /// - Parameter timeout: how long written bytes may wait without any being taken.
  init(timeout: TimeAmount) { self.timeout = timeout }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let promise = promise ?? context.eventLoop.makePromise()
    if pendingWrites == 0 { lastProgress = context.eventLoop.now }
    pendingWrites += 1
    promise.futureResult.assumeIsolated().whenComplete { _ in
      self.pendingWrites -= 1
      self.lastProgress = context.eventLoop.now
    }
    context.write(data, promise: promise)
    scheduleCheck(context)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    check?.cancel()
    check = nil
  }

  private func scheduleCheck(_ context: ChannelHandlerContext) {
    guard check == nil, pendingWrites > 0 else { return }
    check = context.eventLoop.assumeIsolated().scheduleTask(deadline: lastProgress + timeout) {
      self.check = nil
      guard self.pendingWrites > 0 else { return }
      if context.eventLoop.now >= self.lastProgress + self.timeout {
        context.close(promise: nil)
      } else {
        self.scheduleCheck(context)
      }
    }
  }
}
