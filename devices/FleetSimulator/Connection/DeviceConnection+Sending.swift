import MQTTProtocol
import NIOCore

extension DeviceConnection {
  private static let pingRequest: [UInt8] = [0xC0, 0x00]
  private static let disconnect: [UInt8] = [0xE0, 0x00]

  /// Starts to send; at a given rate, messages leave as they fall due.
  func start() {
    guard phase == .ready else { return }
    phase = .sending
    if loop.schedule == nil { due = Int.max }
    pump()
    finishIfAllIsTaken()
  }

  /// Sends nothing more and waits for what is under way.
  func stopSending() {
    guard phase == .sending || phase == .ready else { return }
    phase = .sending
    budget = sent
    finishIfAllIsTaken()
  }

  /// Sends what is due and what the window and the socket have room for.
  func pump() {
    guard phase == .sending, !isPumping, let context else { return }
    isPumping = true
    defer { isPumping = false }
    let now = MonotonicClock.now()
    if loop.settings.qos == .atMostOnce {
      pumpUnacknowledged(context, now: now)
    } else {
      pumpAcknowledged(context, now: now)
    }
  }

  private func pumpUnacknowledged(_ context: ChannelHandlerContext, now: Int64) {
    guard context.channel.isWritable else { return }
    let count = min(min(due, budget) - sent, Self.batchBytes / templates.longest)
    guard count > 0 else { return finishIfAllIsTaken() }
    write(count, identifier: 0, context, now: now)
    if sent == budget { return finishIfAllIsTaken() }
    // The other connections of this loop come first.
    if sent < due, context.channel.isWritable { loop.continueLater(self) }
  }

  private func pumpAcknowledged(_ context: ChannelHandlerContext, now: Int64) {
    let open = min(due, budget) - sent
    // Half a window at a time: one write for many messages, while the other half is under way.
    guard open > 0, window.free >= min(open, (window.size + 1) / 2) else { return }
    let identifier = window.nextIdentifier
    let wanted = min(min(open, window.free), max(1, Self.batchBytes / templates.longest))
    var count = 0
    if let schedule = loop.schedule {
      while count < wanted, window.send(at: schedule.dueTime(message: sent &+ count, connection: number)) {
        count &+= 1
      }
    } else {
      while count < wanted, window.send(at: now) { count &+= 1 }
    }
    guard count > 0 else { return }
    write(count, identifier: identifier, context, now: now)
  }

  private func write(_ count: Int, identifier: UInt16, _ context: ChannelHandlerContext, now: Int64) {
    loop.output.clear()
    loop.output.writeWithUnsafeMutableBytes(minimumWritableBytes: count * templates.longest) { bytes in
      templates.render(
        count, now: loop.wallMilliseconds(at: now), identifier: identifier, lastIdentifier: window.lastIdentifier,
        into: bytes)
    }
    sent += count
    lastWrite = now
    loop.counters.messagesSent(count)
    context.writeAndFlush(wrapOutboundOut(loop.output), promise: nil)
  }

  /// Ends the sending when all is sent and taken; at QoS 0 asks the hub by PINGREQ whether it has taken all.
  func finishIfAllIsTaken() {
    guard phase == .sending, sent >= budget else { return }
    if taken + refused == sent {
      phase = .finished
      loop.connectionFinished(self)
    } else if loop.settings.qos == .atMostOnce {
      ping()
    }
  }

  /// Asks the hub to answer once it has taken everything so far. One question at a time.
  func ping() {
    guard pingMark == nil, phase != .connecting, phase != .closed, let context else { return }
    pingMark = sent
    lastWrite = MonotonicClock.now()
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: Self.pingRequest)), promise: nil)
  }

  /// Keeps the connection alive, and at QoS 0 learns now and then how much the hub has taken.
  ///
  /// - Parameter checkpoint: Messages after which it is worth a PINGREQ.
  func housekeeping(now: Int64, checkpoint: Int) {
    if keepAlive > 0, now - lastWrite > Int64(keepAlive) * 500_000_000 {
      ping()
    } else if loop.settings.qos == .atMostOnce, sent - taken >= checkpoint {
      ping()
    }
  }

  /// Says goodbye and closes.
  func leave() {
    guard phase != .closed, let context else { return }
    let wasReady = phase != .connecting
    phase = .closed
    if wasReady {
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: Self.disconnect)), promise: nil)
    }
    context.close(promise: nil)
  }
}
