import Testing

extension HubProcess {
  /// The port of its line `listening … websocket=…`; 0 where it has none.
  var webSocketPort: UInt16 {
    let line = process.errors.split(separator: "\n").first { $0.contains("listening ") }
    let word = line?.split(separator: " ").first { $0.hasPrefix("websocket=127.0.0.1:") }
    return word?.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
  }
}

/// A scenario with a hub of its own that serves WebSocket too.
func withWebSocketHub(
  _ options: [String] = [], sourceLocation: SourceLocation = #_sourceLocation, _ scenario: (HubProcess) throws -> Void
) throws {
  try withHub(["--websocket-listen", "127.0.0.1:0"] + options, sourceLocation: sourceLocation, scenario)
}
