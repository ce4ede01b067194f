extension Command {
  /// Reads the payload of a message on `v1/devices/{device}/commands`.
  package init(payload: [UInt8]) throws(CommandError) {
    guard payload.count <= AgentLimits.commandBytes else {
      throw .unanswerable("a command of \(payload.count) bytes; \(AgentLimits.commandBytes) are allowed")
    }
    let value: JSONValue
    do { value = try JSONReader.value(payload) } catch { throw .unanswerable("\(error)") }
    try self.init(value)
  }

  /// Reads one element of the answer on `commands/next/response`.
  package init(_ value: JSONValue) throws(CommandError) {
    guard let id = value["id"]?.string ?? value["id"]?.integer.map(String.init) else {
      throw .unanswerable("a command without \"id\"")
    }
    guard Self.isValid(identifier: id) else { throw .unanswerable("a command whose \"id\" does not fit a topic") }
    guard let name = value["name"]?.string, !name.isEmpty else {
      throw .malformed(id: id, "\"name\" is missing")
    }
    let arguments: JSONValue
    switch value["arguments"] {
    case nil, .some(.null): arguments = [:]
    case .some(.object(let members)): arguments = .object(members)
    case .some: throw .malformed(id: id, "\"arguments\" must be an object")
    }
    var notAfter: Int64?
    switch value["not_after"] {
    case nil, .some(.null): break
    case .some(let time):
      guard let milliseconds = time.integer else {
        throw .malformed(id: id, "\"not_after\" must be a whole number of Unix milliseconds")
      }
      notAfter = milliseconds
    }
    self.init(id: id, name: name, arguments: arguments, notAfter: notAfter)
  }

  /// An identifier becomes a topic level, and a line of the journal.
  private static func isValid(identifier: String) -> Bool {
    !identifier.isEmpty && identifier.utf8.count <= AgentLimits.commandIdentifierBytes
      && identifier.unicodeScalars.allSatisfy {
        $0.value > 0x20 && $0.value != 0x7F && !"/+#".unicodeScalars.contains($0)
      }
  }
}
