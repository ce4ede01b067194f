import DeviceAgentKit
import Synchronization

/// An agent on a thread of its own.
final class RunningAgent: Sendable {
  private let stop: WakePipe
  private let ended: WakePipe
  private let outcome = Mutex<AgentExit?>(nil)

  /// - Parameter prepare: adds sensors and commands, on the agent's thread.
  init(
    _ configuration: AgentConfiguration, prepare: @escaping @Sendable (Agent) -> Void = { _ in }
  ) throws {
    stop = try WakePipe()
    ended = try WakePipe()
    try BackgroundThread.start { [self] in
      // Short waits between attempts: the broker is next door.
      let agent = Agent(
        configuration, backoff: Backoff(base: .milliseconds(50), maximum: .milliseconds(200)), clock: SystemClock.now)
      prepare(agent)
      let exit = agent.run(until: stop)
      outcome.withLock { $0 = exit }
      ended.wake()
    }
  }

  /// Asks it to stop, as SIGTERM does.
  func terminate() { stop.wake() }

  /// How it ended; nil where it did not within the time.
  func wait(within timeout: Duration) -> AgentExit? {
    ended.reader.waitUntilReadable(within: timeout)
    return outcome.withLock { $0 }
  }
}
