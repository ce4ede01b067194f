/// What the agent's decisions ask its surroundings to do, in order.
package enum AgentAction: Sendable, Equatable {
  case connect
  /// Forget the connection or the attempt, without a word to the hub.
  case dropConnection
  case subscribe(String)
  case publish(AgentPublication)
  case readSensors
  case publishAttributes
  /// A message on the device's command topic.
  case runCommand(payload: [UInt8], replyTo: ReplyAddress?)
  /// The commands in an answer to "have you a command for me?".
  case runCommands([JSONValue])
  /// Say goodbye, so that the will is not published.
  case disconnect
  case log(LogLevel, String)
  case status(String)
  case finish(AgentExit)
}
