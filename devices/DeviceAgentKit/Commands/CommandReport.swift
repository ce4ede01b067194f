/// What a device says about a command, on `commands/{id}/result`.
package struct CommandReport: Sendable, Equatable {
  package enum Status: String, Sendable, CaseIterable {
    case accepted, running, succeeded, failed, rejected

    package var isFinal: Bool { self != .accepted && self != .running }
  }

  package var id: String
  package var status: Status
  package var result: JSONValue?
  package var error: String?

  package init(id: String, status: Status, result: JSONValue? = nil, error: String? = nil) {
    self.id = id
    self.status = status
    self.result = result
    self.error = error
  }

  package var payload: [UInt8] {
    var members: [(name: String, value: JSONValue)] = [("status", .string(status.rawValue))]
    if let result { members.append(("result", result)) }
    if let error { members.append(("error", .string(error))) }
    var writer = JSONWriter()
    writer.write(members: members)
    return writer.bytes
  }
}
