import MQTTBroker
import NIOCore

/// One event loop with its shard of the broker, its clock tick and the buffers its connections share.
///
/// Sendable because everything but `eventLoop` is touched on that loop only, which `NIOLoopBound` checks.
final class EventLoopShard: Sendable {
  let eventLoop: any EventLoop
  private let state: NIOLoopBoundBox<State>
  private let meter = EventLoopMeter()
  private let clock: @Sendable () -> BrokerTime

  struct State {
    let shard: BrokerShard
    var tick: RepeatedTask?
    var openChannels = 0
    var loadChanged: (@Sendable () -> Void)?
    var closedPromise: EventLoopPromise<Void>?
    /// A buffer whose bytes have left; the next writer takes its storage instead of allocating.
    var spare = ByteBuffer()
  }

  init(shard: BrokerShard, eventLoop: any EventLoop, clock: @escaping @Sendable () -> BrokerTime) {
    self.eventLoop = eventLoop
    self.clock = clock
    state = NIOLoopBoundBox(State(shard: shard), eventLoop: eventLoop)
    shard.mailbox.setWake { [weak self, eventLoop] in
      eventLoop.execute { [weak self] in self?.drainMailbox() }
    }
    state.value.tick = eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { [weak self] _ in
      guard let self else { return }
      self.shard.timePassed(to: self.now())
      self.meter.measure()
      self.state.value.loadChanged?()
    }
  }

  /// What `ConnectionPlacement` goes by; from any thread.
  var load: EventLoopLoad { meter.load }

  /// Calls `handler` on the loop whenever the load may have changed.
  func onLoadChange(_ handler: @escaping @Sendable () -> Void) {
    eventLoop.execute { self.state.value.loadChanged = handler }
  }

  var shard: BrokerShard { state.value.shard }

  func now() -> BrokerTime { clock() }

  private func drainMailbox() { shard.drainMailbox(at: now()) }

  func channelOpened() {
    state.value.openChannels += 1
    meter.connectionsChanged(by: 1)
    state.value.loadChanged?()
  }

  func channelClosed() {
    meter.connectionsChanged(by: -1)
    state.value.openChannels -= 1
    if state.value.openChannels == 0 { state.value.closedPromise?.succeed() }
  }

  /// An empty buffer, with the storage of one that has left where there is one.
  func takeBuffer() -> ByteBuffer {
    var buffer = ByteBuffer()
    swap(&buffer, &state.value.spare)
    // Where the socket still holds it, a small one; ours alone keeps its storage.
    buffer.clear(minimumCapacity: 512)
    return buffer
  }

  /// Offers a buffer's storage for reuse; it is only used when nobody else holds it any more.
  func giveBack(_ buffer: ByteBuffer) {
    // One spare of ordinary size a loop: more would be memory that nobody asked for.
    if buffer.capacity <= 256 * 1024 { state.value.spare = buffer }
  }

  func shutDown() {
    state.value.tick?.cancel()
    shard.shutDown(at: now())
  }

  func waitUntilClosed(deadline: NIODeadline) -> EventLoopFuture<Void> {
    eventLoop.flatSubmit { [self] in
      let promise = eventLoop.makePromise(of: Void.self)
      state.value.closedPromise = promise
      if state.value.openChannels == 0 { promise.succeed() }
      eventLoop.scheduleTask(deadline: deadline) { promise.succeed() }
      shard.mailbox.close()
      return promise.futureResult
    }
  }
}
