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
    /// One a listener.
    var loadChanged: [@Sendable () -> Void] = []
    var isShuttingDown = false
    /// Whether what a turn left undone is going on soon.
    var isTurnPlanned = false
    var closedPromise: EventLoopPromise<Void>?
    /// Buffers whose bytes have left; the next writers take their storage instead of allocating.
    var spares: [ByteBuffer] = []
    var spareBytes = 0
    /// Where sockets are read into.
    var read = ByteBuffer()
    /// Where the transport in front of MQTT puts what it has unpacked.
    var unpacked = ByteBuffer()
  }

  init(shard: BrokerShard, eventLoop: any EventLoop, clock: @escaping @Sendable () -> BrokerTime) {
    self.eventLoop = eventLoop
    self.clock = clock
    state = NIOLoopBoundBox(State(shard: shard), eventLoop: eventLoop)
    shard.mailbox.setWake(
      { [weak self, eventLoop] in
        eventLoop.execute { [weak self] in self?.drainMailbox() }
      }, turn: { [weak self] in self?.planTurn() })
    state.value.tick = eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { [weak self] _ in
      guard let self else { return }
      self.shard.timePassed(to: self.now())
      self.meter.measure()
      self.loadChanged()
    }
  }

  /// What `ConnectionPlacement` goes by; from any thread.
  var load: EventLoopLoad { meter.load }

  /// Calls `handler` on the loop whenever the load may have changed.
  func onLoadChange(_ handler: @escaping @Sendable () -> Void) {
    eventLoop.execute { self.state.value.loadChanged.append(handler) }
  }

  private func loadChanged() {
    for handler in state.value.loadChanged { handler() }
  }

  var shard: BrokerShard { state.value.shard }

  func now() -> BrokerTime { clock() }

  /// How long a turn lets sockets and timers go first.
  private static let turnPause = TimeAmount.microseconds(100)

  var isTurnPlanned: Bool { state.value.isTurnPlanned }

  /// A task that is due at once would run before any socket is looked at, and again and again.
  private func planTurn() {
    guard !state.value.isTurnPlanned else { return }
    state.value.isTurnPlanned = true
    eventLoop.scheduleTask(in: Self.turnPause) { [weak self] in
      self?.state.value.isTurnPlanned = false
      self?.drainMailbox()
    }
  }

  private func drainMailbox() { shard.drainMailbox(at: now()) }

  func channelOpened() {
    state.value.openChannels += 1
    meter.connectionsChanged(by: 1)
    loadChanged()
  }

  func channelClosed() {
    meter.connectionsChanged(by: -1)
    state.value.openChannels -= 1
    if state.value.openChannels == 0 { state.value.closedPromise?.succeed() }
  }

  /// An empty buffer, with the storage of one that has left where there is one.
  func takeBuffer() -> ByteBuffer {
    var buffer = state.value.spares.popLast() ?? ByteBuffer()
    state.value.spareBytes -= buffer.capacity
    // Where the socket still holds it, a small one; ours alone keeps its storage.
    buffer.clear(minimumCapacity: 512)
    return buffer
  }

  /// Offers a buffer's storage for reuse; it is only used when nobody else holds it any more.
  func giveBack(_ buffer: ByteBuffer) {
    // As many as a fan-out to a crowd uses; more would be memory that nobody asked for.
    guard state.value.spareBytes + buffer.capacity <= Self.spareBytes else { return }
    state.value.spareBytes += buffer.capacity
    state.value.spares.append(buffer)
  }

  /// Storage that a loop keeps for reuse, in bytes.
  private static let spareBytes = 1024 * 1024
  private static let unpackedBytes = 256 * 1024

  /// Bytes that are read from a socket at once.
  static let readSize = 64 * 1024

  /// The buffer that the loop's connections read into.
  func takeReadBuffer() -> ByteBuffer {
    var buffer = ByteBuffer()
    swap(&buffer, &state.value.read)
    // Another one where someone keeps what was read.
    buffer.clear(minimumCapacity: Self.readSize)
    return buffer
  }

  /// Takes back what was read into, once it is handled.
  func giveBackRead(_ buffer: ByteBuffer) {
    if buffer.capacity >= Self.readSize { state.value.read = buffer }
  }

  /// As `takeBuffer`, for the payload of a read of `size` bytes.
  func takeUnpacked(_ size: Int) -> ByteBuffer {
    var buffer = ByteBuffer()
    swap(&buffer, &state.value.unpacked)
    buffer.clear(minimumCapacity: size)
    return buffer
  }

  func giveBackUnpacked(_ buffer: ByteBuffer) {
    if buffer.capacity <= Self.unpackedBytes { state.value.unpacked = buffer }
  }

  /// Whether connections end because the hub stops.
  var isShuttingDown: Bool { state.value.isShuttingDown }

  func shutDown() {
    state.value.tick?.cancel()
    state.value.isShuttingDown = true
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
