import Glibc
import MQTTBroker
import NIOCore

/// Stands in a listening channel: accepts no faster than the listener's rate, and closes whom not even an answer awaits;
/// while the system has no descriptor left for another connection, it does not ask for one.
///
/// Over the rate nothing is accepted for a while: who comes then waits in the kernel's backlog, costs the hub nothing
/// and notices nothing but the wait, whereas one that was accepted and closed would at once be back.
final class AcceptGate: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias InboundOut = any Channel
  typealias OutboundIn = Never

  private let gate: ListenerGate
  private let loop: EventLoopShard
  /// Whether this channel is the one of its listener that accepts.
  private let isItsTurn: @Sendable () -> Bool
  /// Set while accepting pauses.
  private var resumption: Scheduled<Void>?
  /// Set while accepting pauses because it failed.
  private var recovery: Scheduled<Void>?

  /// How long accepting pauses where the system cannot open another connection.
  static let recoveryTime = TimeAmount.milliseconds(500)

  init(gate: ListenerGate, loop: EventLoopShard, isItsTurn: @escaping @Sendable () -> Bool = { true }) {
    self.gate = gate
    self.loop = loop
    self.isItsTurn = isItsTurn
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

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let error = error as? IOError, Self.isExhaustion(error.errnoCode) { pause(context) }
    context.fireErrorCaught(error)
  }

  /// Whoever waits stays in the backlog, and the socket stays readable: asked on, it would fail again and again.
  private func pause(_ context: ChannelHandlerContext) {
    try? context.channel.syncOptions?.setOption(.autoRead, value: false)
    recovery?.cancel()
    recovery = context.eventLoop.assumeIsolated().scheduleTask(in: Self.recoveryTime) { [weak self] in
      guard let self else { return }
      recovery = nil
      if isItsTurn() { try? context.channel.syncOptions?.setOption(.autoRead, value: true) }
    }
  }

  /// Whether accepting failed for want of descriptors or memory, and not for what one peer did.
  private static func isExhaustion(_ code: CInt) -> Bool {
    switch code {
    case EMFILE, ENFILE, ENOBUFS, ENOMEM: true
    default: false
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    resumption?.cancel()
    resumption = nil
    recovery?.cancel()
    recovery = nil
  }
}
