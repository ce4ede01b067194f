import NIOCore
import NIOHTTPTypes

/// Notices that a client has gone while its request is being answered.
///
/// A client that only closes its sending side counts as gone: what waits for it is answered with what is known so far.
final class HangUpHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart

  let hangUp = HangUp()

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.inputClosed) = event as? ChannelEvent { hangUp.happened() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    hangUp.happened()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { hangUp.happened() }

  /// The hang-up of a connection; nil where it has none, as in tests without a connection.
  static func hangUp(of channel: any Channel) async -> HangUp? {
    try? await channel.eventLoop.submit {
      try channel.pipeline.syncOperations.handler(type: HangUpHandler.self).hangUp
    }.get()
  }
}
