import MQTTBroker
import MQTTProtocol
import NIOCore

/// What one client may send a second. Made only where its listener has such a limit.
final class ClientRates {
  private var messages: RateLimiter?
  private var bytes: RateLimiter?
  private var scheduled: Scheduled<Void>?

  /// Milliseconds: a client over its rate waits at least so long, so that each wake-up brings several of its packets.
  private static let shortestWait: Int64 = 10
  /// Milliseconds after which a longer wait is looked at again.
  private static let longestWait: Int64 = 10_000

  /// nil where the listener limits no rate of its clients.
  init?(_ limits: ListenerLimits, at now: Int64) {
    guard limits.messageRate != nil || limits.byteRate != nil else { return nil }
    messages = limits.messageRate.map { RateLimiter(rate: $0, at: now) }
    bytes = limits.byteRate.map { RateLimiter(rate: $0, at: now) }
  }

  /// A packet was taken in.
  func took(_ header: FixedHeader, at now: Int64) {
    if header.type == .publish { messages?.take(1, at: now) }
    bytes?.take(header.packetLength, at: now)
  }

  /// Milliseconds until the client may send on; 0 for now.
  func wait(at now: Int64) -> Int64 {
    max(messages?.wait(at: now) ?? 0, bytes?.wait(at: now) ?? 0)
  }

  /// Calls `body` on the loop in about `wait` milliseconds, unless it is scheduled anew or cancelled before.
  func scheduleRelease(in wait: Int64, on eventLoop: any EventLoop, _ body: @escaping () -> Void) {
    scheduled?.cancel()
    let wait = min(max(wait, Self.shortestWait), Self.longestWait)
    scheduled = eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(wait), body)
  }

  func cancelRelease() {
    scheduled?.cancel()
    scheduled = nil
  }
}
