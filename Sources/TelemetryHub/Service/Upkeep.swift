import DeviceManagement
import HubDatabase
import Logging
import MQTTBroker
import MQTTServer
import NIOCore
import ServiceLifecycle

/// What time brings: commands expire, `$SYS` is kept fresh, and systemd hears that the event loops live.
struct Upkeep: Service, CustomStringConvertible {
  let commands: CommandCenter
  let dispatcher: CommandDispatcher
  let systemTopics: SystemTopicsPublisher
  let server: MQTTServer
  let httpLoop: any EventLoop
  let database: HubDatabase
  let storage: HubConfiguration.Storage
  let notifier: SystemdNotifier
  let logger: Logger

  var description: String { "the upkeep" }

  func run() async throws {
    await withGracefulShutdownHandler {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await cancelWhenGracefulShutdown { await followTime() } }
        group.addTask { await cancelWhenGracefulShutdown { await feedWatchdog() } }
      }
    } onGracefulShutdown: {
      notifier.stopping()
    }
  }

  /// How often readings that are too old are looked for, in milliseconds.
  private static let retentionInterval: Int64 = 600_000

  /// Looks when the next command is due, and does once a second what is not due at a moment of its own.
  private func followTime() async {
    var lastSecond: Int64 = 0
    var nextRetention: Int64 = 0
    while !Task.isCancelled {
      let time = SystemClock.brokerTime()
      commands.expire(now: time.wall)
      // By the clock that never jumps back.
      if time.monotonic - lastSecond >= 1_000 {
        lastSecond = time.monotonic
        dispatcher.retryUndelivered()
        systemTopics.timePassed(to: time.monotonic)
      }
      if time.monotonic >= nextRetention {
        nextRetention = time.monotonic + Self.retentionInterval
        database.remove(
          RetentionCutoffs(
            readings: time.wall - storage.retention.wholeMilliseconds,
            minutes: time.wall - storage.retention1m.wholeMilliseconds,
            hours: time.wall - storage.retention1h.wholeMilliseconds))
      }
      let untilNext = commands.nextDeadline.map { $0 - SystemClock.unixMilliseconds() } ?? 1_000
      try? await Task.sleep(for: .milliseconds(min(max(untilNext, 10), 1_000)))
    }
  }

  /// A sign of life only after every event loop has answered: one that hangs lets systemd restart the hub.
  private func feedWatchdog() async {
    guard let interval = notifier.watchdogInterval else {
      try? await gracefulShutdown()
      return
    }
    while !Task.isCancelled {
      do {
        try await server.pingEventLoops()
        try await httpLoop.submit {}.get()
        notifier.watchdog()
      } catch {
        logger.error("an event loop did not answer: \(error)")
      }
      try? await Task.sleep(for: interval)
    }
  }
}
