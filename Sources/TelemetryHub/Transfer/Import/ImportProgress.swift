import DeviceManagement

/// How far an import came, and the lines of JSON that tell it.
struct ImportProgress: Sendable, Equatable {
  /// Lines that were read, header and comments among them.
  var lines = 0
  /// Readings that the hub took.
  var readings = 0
  /// Lines that could not be read, and readings that were not taken.
  var refused = 0
  /// Of those: readings older than retention.
  var tooOld = 0
  /// Of those refused: what is wrong with the file.
  var faults = 0
  /// Names of tags that have no place in the hub.
  var ignoredNames: [String] = []

  /// `{"lines":…,"readings":…,"refused":…}`
  func appendLine(to bytes: inout [UInt8]) { append([], to: &bytes) }

  /// The last line: the same with what there is to say at the end. With `done` true everything is durable.
  func appendEnd(failure: String?, to bytes: inout [UInt8]) {
    var members: [JSONValue.Member] = [
      .init("too_old", .number("\(tooOld)")), .init("faults", .number("\(faults)")),
    ]
    if !ignoredNames.isEmpty { members.append(.init("ignored_tags", .array(ignoredNames.map { .string($0) }))) }
    if let failure { members.append(.init("error", .string(failure))) }
    members.append(.init("done", .boolean(failure == nil)))
    append(members, to: &bytes)
  }

  /// `{"line":12,"reason":"…"}`
  static func appendFault(_ reason: String, line: Int, to bytes: inout [UInt8]) {
    JSONValue.object([.init("line", .number("\(line)")), .init("reason", .string(reason))]).encode(into: &bytes)
    bytes.append(0x0A)
  }

  private func append(_ more: [JSONValue.Member], to bytes: inout [UInt8]) {
    let members: [JSONValue.Member] = [
      .init("lines", .number("\(lines)")), .init("readings", .number("\(readings)")),
      .init("refused", .number("\(refused)")),
    ]
    JSONValue.object(members + more).encode(into: &bytes)
    bytes.append(0x0A)
  }
}
