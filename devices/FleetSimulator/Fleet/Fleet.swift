import NIOCore
import NIOPosix

/// All simulated devices of this process, over several event loops.
struct Fleet {
  private struct Part {
    let eventLoop: any EventLoop
    let loop: NIOLoopBound<FleetLoop>
    let counters: FleetCounters
  }

  /// How long the hub may take to answer for what was sent.
  private static let drainLimit: Int64 = 30_000_000_000
  /// The same after Ctrl-C.
  private static let interruptedDrainLimit: Int64 = 2_000_000_000

  private let settings: FleetSettings
  private let group: MultiThreadedEventLoopGroup
  private let parts: [Part]
  private let waiting = LoopLatch()

  init(settings: FleetSettings) throws {
    self.settings = settings
    let address = try SocketAddress.makeAddressResolvingHost(settings.hub.host, port: settings.hub.port)
    let threads = min(settings.threads, settings.connections)
    group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    var parts: [Part] = []
    for (index, eventLoop) in group.makeIterator().enumerated() {
      let counters = FleetCounters()
      let numbers = Array(stride(from: index, to: settings.connections, by: threads))
      let loop = try eventLoop.submit {
        NIOLoopBound(
          FleetLoop(
            settings: settings, address: address, eventLoop: eventLoop, counters: counters, numbers: numbers),
          eventLoop: eventLoop)
      }.wait()
      parts.append(Part(eventLoop: eventLoop, loop: loop, counters: counters))
    }
    self.parts = parts
  }

  /// Connects, sends, waits for the hub's answers, and tells what happened.
  func run() throws -> FleetReport {
    var progress = FleetProgress(connections: settings.connections, started: MonotonicClock.now())
    var isInterrupted = !connect(&progress)
    let start = MonotonicClock.now()
    if !isInterrupted, counts.connected > 0 {
      isInterrupted = settings.idle ? !hold(&progress, start: start) : !send(&progress, start: start)
    }
    let report = try makeReport(start: start, isInterrupted: isInterrupted)
    for part in parts { part.eventLoop.execute { part.loop.value.leave() } }
    try group.syncShutdownGracefully()
    return report
  }

  private var counts: FleetCounts { parts.reduce(FleetCounts()) { $0 + $1.counters.snapshot } }

  /// Returns whether it went through, that is, without Ctrl-C.
  private func connect(_ progress: inout FleetProgress) -> Bool {
    waiting.arm(parts.count)
    for part in parts {
      part.eventLoop.execute { [waiting] in part.loop.value.connect { waiting.arrive() } }
    }
    return wait(&progress, limit: nil)
  }

  /// Holds the connections open until the duration is over or Ctrl-C.
  private func hold(_ progress: inout FleetProgress, start: Int64) -> Bool {
    waiting.arm(1)
    let end = settings.duration.map { start + $0.nanoseconds }
    progress.sayNow("holding \(counts.connected) idle connections")
    return wait(&progress, limit: end) || end.map { MonotonicClock.now() >= $0 } == true
  }

  private func send(_ progress: inout FleetProgress, start: Int64) -> Bool {
    waiting.arm(parts.count)
    for part in parts {
      part.eventLoop.execute { [waiting] in part.loop.value.start(at: start) { waiting.arrive() } }
    }
    // Sending has no limit of its own without a duration; with one, the answers may take a while longer.
    let limit = settings.duration.map { start + $0.nanoseconds + 1_000_000_000 + Self.drainLimit }
    if wait(&progress, limit: limit) { return true }
    if let limit, MonotonicClock.now() >= limit { return true }
    for part in parts { part.eventLoop.execute { part.loop.value.stopSending() } }
    _ = wait(&progress, limit: MonotonicClock.now() + Self.interruptedDrainLimit)
    return false
  }

  /// Waits until all loops have arrived, and prints progress meanwhile; `false` on Ctrl-C or at the limit.
  private func wait(_ progress: inout FleetProgress, limit: Int64?) -> Bool {
    while !waiting.isOpen {
      switch ProcessSignals.wait(until: min(progress.nextLine, limit ?? Int64.max)) {
      case .interrupted: return false
      case .notified: continue
      case .timedOut:
        if let limit, MonotonicClock.now() >= limit { return false }
        progress.say(counts, at: MonotonicClock.now())
        for part in parts { part.eventLoop.execute { part.loop.value.housekeeping() } }
      }
    }
    return true
  }

  private func makeReport(start: Int64, isInterrupted: Bool) throws -> FleetReport {
    var report = FleetReport(settings: settings, counts: counts, isInterrupted: isInterrupted)
    var end: Int64 = 0
    for part in parts {
      let (histogram, faults, finish) = try part.eventLoop.submit {
        let loop = part.loop.value
        return (loop.histogram, loop.faults, loop.lastFinish)
      }.wait()
      report.histogram.merge(histogram)
      report.faults.merge(faults, uniquingKeysWith: +)
      end = max(end, finish)
    }
    report.nanoseconds = max(1, (end > start ? end : MonotonicClock.now()) - start)
    return report
  }
}
