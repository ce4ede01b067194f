/// How a command leaves the hub.
package enum CommandRoute: Sendable {
  /// Published on the device's `commands` topic.
  case publish
  /// In the answer to the device's `commands/next`.
  case answerToNext

  var evidence: String {
    switch self {
    case .publish: "published on commands"
    case .answerToNext: "answer to commands/next"
    }
  }
}
