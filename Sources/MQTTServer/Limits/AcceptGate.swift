import MQTTBroker
import NIOCore

/// Stands in a listening channel: accepts no faster than the listener's rate, and closes whom not even an answer awaits.
///
/// Over the rate nothing is accepted for a while: who comes then waits in the kernel's backlog, costs the hub nothing
/// and notices nothing but the wait, whereas one that was accepted and closed would at once be back.
final class AcceptGate: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias InboundOut = any Channel
  typealias OutboundIn = Never

  private let gate: ListenerGate
  private let loop: EventLoopShard
  /// Set while accepting pauses.
  private var resumption: Scheduled<Void>?

  init(gate: ListenerGate, loop: EventLoopShard) {
    self.gate = gate
    self.loop = loop
  }

  func read(context: ChannelHandlerContext) {
    guard resumption == nil else { return }
    let wait = gate.wait(at: loop.now().monotonic)
    if wait == 0 {
      context.read()
    } else {
      resumption = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(wait)) { [weak self] in
        self?.resumption = nil
        // Another loop may have its turn by now.
        guard let self, (try? context.channel.syncOptions?.getOption(.autoRead)) == true else { return }
        self.read(context: context)
      }
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    gate.accepted(at: loop.now().monotonic)
    if gate.isOverfull {
      unwrapInboundIn(data).close(promise: nil)
    } else {
      context.fireChannelRead(data)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    resumption?.cancel()
    resumption = nil
  }
}
