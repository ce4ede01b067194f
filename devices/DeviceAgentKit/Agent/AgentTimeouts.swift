/// How long an agent waits for what.
package struct AgentTimeouts: Sendable, Equatable {
  /// For the hub's address.
  package var resolution: Duration = .seconds(10)
  /// For the TCP connection and its CONNACK.
  package var greeting: Duration = .seconds(10)
  /// For the acknowledgement of `offline` when it stops.
  package var farewell: Duration = .milliseconds(500)
  /// For the answer to "have you a command for me?", where it runs once.
  package var answer: Duration = .seconds(2)
  /// For everything, where it runs once.
  package var once: Duration = .seconds(15)
  /// Before a message that the hub refused for now is sent again.
  package var refusedMessage: Duration = .seconds(5)
  /// A connection that lived this long resets the backoff.
  package var steady: Duration = .seconds(5)

  package init() {}
}
