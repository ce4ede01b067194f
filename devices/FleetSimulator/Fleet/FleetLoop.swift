import MQTTProtocol
import NIOCore
import NIOPosix

/// The part of a fleet that lives on one event loop.
final class FleetLoop {
  /// How many connections one loop opens at a time, so that the hub's listen queue never overflows.
  private static let connectingAtOnce = 32

  let settings: FleetSettings
  let eventLoop: any EventLoop
  let counters: FleetCounters
  /// Encoded messages on their way out. NIO has let go of it again unless a socket was full; then a new one is made.
  var output: ByteBuffer
  var histogram = LatencyHistogram()
  /// `nil` until the start, and when the hub sets the rate.
  private(set) var schedule: SendSchedule?
  private(set) var faults: [String: Int] = [:]
  /// When the last connection finished, in nanoseconds of the monotonic clock.
  private(set) var lastFinish: Int64 = 0

  private let numbers: [Int]
  private let address: SocketAddress
  private var connections: [DeviceConnection] = []
  private var connecting = 0
  private var settled = 0
  private var unfinished = 0
  private var hasStarted = false
  private var cursor: PaceCursor?
  private var wallOffset: Int64 = 0
  private var onSettled: (() -> Void)?
  private var onFinished: (() -> Void)?

  init(
    settings: FleetSettings, address: SocketAddress, eventLoop: any EventLoop, counters: FleetCounters, numbers: [Int]
  ) {
    self.settings = settings
    self.address = address
    self.eventLoop = eventLoop
    self.counters = counters
    self.numbers = numbers
    output = ByteBufferAllocator().buffer(capacity: DeviceConnection.batchBytes)
    setWallClock()
  }

  /// Unix milliseconds at a moment of the monotonic clock.
  @inline(__always)
  func wallMilliseconds(at now: Int64) -> Int64 { (now &+ wallOffset) / 1_000_000 }

  private func setWallClock() {
    wallOffset = MonotonicClock.wallMilliseconds() * 1_000_000 - MonotonicClock.now()
  }

  // MARK: Connecting

  /// Opens all connections; `onSettled` is called once each of them is accepted or has failed.
  func connect(onSettled: @escaping () -> Void) {
    self.onSettled = onSettled
    connectMore()
    if numbers.isEmpty { onSettled() }
  }

  private func connectMore() {
    while connecting < Self.connectingAtOnce, connections.count < numbers.count {
      let number = numbers[connections.count]
      let connection = DeviceConnection(number: number, loop: self, timestamp: MonotonicClock.wallMilliseconds())
      connections.append(connection)
      connecting += 1
      open(connection)
    }
  }

  /// What the kernel may hold of one connection: left alone it takes megabytes, minutes of work for a slow server.
  private static let sendBufferBytes = 256 * 1024

  private func open(_ connection: DeviceConnection) {
    let bound = NIOLoopBound(connection, eventLoop: eventLoop)
    let water = ChannelOptions.Types.WriteBufferWaterMark(low: 16 * 1024, high: DeviceConnection.batchBytes)
    ClientBootstrap(group: eventLoop)
      .connectTimeout(.seconds(10))
      .channelOption(.writeBufferWaterMark, value: water)
      .channelOption(.socketOption(.so_sndbuf), value: Self.sendBufferBytes)
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
      .channelOption(.maxMessagesPerRead, value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(bound.value) }
      }
      .connect(to: address)
      .assumeIsolated()
      .whenFailure { connection.close(because: FleetFault.explain($0)) }
  }

  func connectionReady(_ connection: DeviceConnection) {
    counters.connectionOpened()
    connectionSettled()
  }

  private func connectionSettled() {
    connecting -= 1
    settled += 1
    connectMore()
    guard settled == numbers.count, let done = onSettled else { return }
    onSettled = nil
    done()
  }

  func connectionEnded(_ connection: DeviceConnection, wasReady: Bool, because reason: String) {
    faults[reason, default: 0] += 1
    if wasReady {
      counters.connectionDropped()
      if hasStarted { connectionDone() }
    } else {
      counters.connectionFailed()
      connectionSettled()
    }
  }

  func messageRefused(_ reasonCode: ReasonCode) {
    counters.messageRefused()
    faults["a message was refused: \(reasonCode.text(in: .v5))", default: 0] += 1
  }

  // MARK: Sending

  /// Starts all connections at `start`; `onFinished` is called once each has finished or ended.
  func start(at start: Int64, onFinished: @escaping () -> Void) {
    hasStarted = true
    setWallClock()
    let open = connections.filter { $0.phase == .ready }
    unfinished = open.count
    guard unfinished > 0 else { return onFinished() }
    self.onFinished = onFinished
    if case .messagesPerSecond(let rate) = settings.rate {
      let schedule = SendSchedule(start: start, messagesPerSecond: rate, connections: settings.connections)
      self.schedule = schedule
      cursor = PaceCursor(schedule: schedule, connections: numbers)
    }
    for connection in open { connection.start() }
    if cursor != nil { wake(at: start) }
    if let duration = settings.duration {
      // At a given rate the budget ends the run; a hub that falls behind gets a second to catch up.
      stop(at: start + duration.nanoseconds + (cursor == nil ? 0 : 1_000_000_000))
    }
  }

  private func wake(at time: Int64) {
    eventLoop.assumeIsolated().scheduleTask(deadline: .uptimeNanoseconds(UInt64(max(0, time)))) { self.sendDue() }
  }

  /// Sends what has fallen due, and comes back when the next message does.
  private func sendDue() {
    guard unfinished > 0, var cursor else { return }
    let now = MonotonicClock.now()
    let first = cursor.position
    var count = 0
    while let position = cursor.popDue(at: now) {
      connections[position].due += 1
      count += 1
    }
    self.cursor = cursor
    for step in 0..<min(count, connections.count) {
      connections[(first + step) % connections.count].pump()
    }
    // At high rates some messages go together, still every tenth of a millisecond.
    wake(at: max(cursor.nextDueTime, now + 100_000))
  }

  /// Lets `connection` go on after everyone else on this loop.
  func continueLater(_ connection: DeviceConnection) {
    eventLoop.assumeIsolated().execute { connection.pump() }
  }

  private func stop(at time: Int64) {
    eventLoop.assumeIsolated().scheduleTask(deadline: .uptimeNanoseconds(UInt64(max(0, time)))) { self.stopSending() }
  }

  /// Sends nothing more; what is under way is still waited for.
  func stopSending() {
    for connection in connections { connection.stopSending() }
  }

  func connectionFinished(_ connection: DeviceConnection) {
    lastFinish = MonotonicClock.now()
    connectionDone()
  }

  private func connectionDone() {
    unfinished -= 1
    guard unfinished == 0, let done = onFinished else { return }
    onFinished = nil
    done()
  }

  // MARK: Throughout

  /// To be called every second or so.
  func housekeeping() {
    let now = MonotonicClock.now()
    for connection in connections { connection.housekeeping(now: now, checkpoint: 1_000) }
  }

  func leave() {
    for connection in connections { connection.leave() }
  }
}
