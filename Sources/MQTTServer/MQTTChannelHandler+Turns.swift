import MQTTBroker
import NIOCore

/// Milliseconds for which one client's packets may keep the loop from all others.
private let turnLength: Int64 = 20
/// How long such a client then waits. Not 0: the loop does what is due before it looks at its sockets.
private let restLength = TimeAmount.milliseconds(1)

/// Keeps the broker from being entered in the middle of its own decisions, and the loop from being one client's.
///
/// Where a write fails, the channel fires what its socket still had to be read, and its end, before the flush returns;
/// closing does so too. The broker flushes and closes in the middle of its work, so what comes then waits for the loop's
/// next turn.
extension MQTTChannelHandler {
  /// Does what may make the channel fire its events before it returns.
  @inline(__always)
  func callOut(_ body: () -> Void) {
    isCallingOut = true
    body()
    isCallingOut = false
  }

  /// Handles an end of the input: now, or where the broker may be at work, or packets wait, behind those.
  func inTurn(_ handle: @escaping () -> Void) {
    // What has come of it is all there will be: no rate is kept by letting it wait, for nobody knows how long.
    isInputOver = true
    if reading == .throttled { reading = .active }
    waiting.append(handle)
    if isCallingOut { askForTurn() } else { goOn() }
  }

  /// Packets of the client were read and could not be handled yet.
  private var hasPacketsWaiting: Bool { isReadingWithheld && unread != nil }

  /// Bytes came while the broker may be at work: they are only kept, and counted; their limit is asked behind it.
  func putOff(_ buffer: ByteBuffer) {
    var late = buffer
    shard.broker.memory.inputChanged(by: late.readableBytes)
    if unread == nil {
      unread = late
    } else {
      unread?.writeBuffer(&late)
    }
    askForTurn()
  }

  private func askForTurn() {
    guard !hasAskedForTurn else { return }
    hasAskedForTurn = true
    loop.eventLoop.assumeIsolated().execute {
      self.hasAskedForTurn = false
      self.goOn()
    }
  }

  func handleWaiting() {
    while !hasPacketsWaiting, !waiting.isEmpty { waiting.removeFirst()() }
  }

  // MARK: Rests

  /// A message to a crowd costs much more than it took to send: who sends many of those lets others have the loop
  /// between. Nothing is read from that client meanwhile.
  func restIfTurnIsOver() {
    guard reading == .active, loop.now().monotonic &- time.monotonic >= turnLength else { return }
    reading = .resting
    loop.eventLoop.assumeIsolated().scheduleTask(in: restLength) {
      if self.reading == .resting { self.reading = .active }
      self.goOn()
    }
  }
}
