import DeviceManagement
import HTTPTypes

extension Problem {
  init(_ problem: CommandRequest.Problem) {
    self.init(parameter: problem.member, received: problem.received, allowed: problem.allowed)
  }

  init(_ error: CommandError) {
    switch error {
    case .invalidName(let name, let maximumBytes):
      self.init(
        parameter: "name", received: name,
        allowed: "1 to \(maximumBytes) letters, digits, '.', '_', ':' and '-'")
    case .invalidArguments(let reason):
      self.init(parameter: "arguments", received: reason, allowed: "an object")
    case .argumentsTooLarge(let bytes, let limit):
      self.init(
        parameter: "arguments", received: "\(bytes) bytes", allowed: "at most \(limit) bytes",
        status: .contentTooLarge)
    case .invalidTimeToLive(let milliseconds, let limit):
      self.init(
        parameter: "ttl_s", received: "\(Double(milliseconds) / 1_000)",
        allowed: "seconds from 0.001 to \(limit / 1_000)")
    case .tooManyOpenCommands(let limit):
      self.init(.tooManyRequests, "the device has \(limit) commands that are not final, and may have no more")
      headers[.retryAfter] = "5"
    case .hubIsFull:
      self.init(.serviceUnavailable, "the hub holds as many commands as it may, none of them final")
      headers[.retryAfter] = "5"
    case .notFound:
      self.init(.notFound, "no such command: never made, or forgotten")
    case .notQueued(let state):
      self.init(.conflict, "only a queued command can be cancelled; this one is \(state.rawValue)")
      self.state = state
    }
  }
}
