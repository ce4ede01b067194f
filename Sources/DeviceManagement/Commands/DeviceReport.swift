/// A device's word on a command: `{"status":…,"result":…,"error":…,"progress":…}`.
struct DeviceReport: Equatable {
  var state: CommandState
  /// A JSON value without white space.
  var result: [UInt8]?
  var error: String?
  var progress: Double?

  /// Reads a result message.
  ///
  /// `error` may be any value: what is not a string is kept as its JSON text. A `progress` that is not a number from 0
  /// to 1 is left out.
  init(parsing payload: [UInt8], limits: DeviceManagementLimits) throws(JSONError) {
    guard payload.count <= limits.maximumResultBytes else {
      throw JSONError(offset: 0, reason: "\(payload.count) bytes, larger than \(limits.maximumResultBytes)")
    }
    let value = try JSONValue(parsing: payload, maximumDepth: limits.maximumJSONDepth)
    guard case .object = value else { throw JSONError(offset: 0, reason: "expected an object, found \(value.kind)") }
    let status = value["status"]?.text
    switch status {
    case "accepted": state = .accepted
    case "running": state = .running
    case "succeeded": state = .succeeded
    case "failed": state = .failed
    case "rejected": state = .rejected
    default:
      throw JSONError(
        offset: 0,
        reason:
          "\"status\" is \(status.map { "\"\(String(decoding: $0.utf8.prefix(64), as: UTF8.self))\"" } ?? value["status"]?.kind ?? "missing"), "
          + "allowed are accepted, running, succeeded, failed, rejected")
    }
    result = value["result"].flatMap { $0 == .null ? nil : $0.encoded }
    error = value["error"].flatMap { error in
      switch error {
      case .null: nil
      case .string(let text): text
      default: String(decoding: error.encoded, as: UTF8.self)
      }
    }
    progress = value["progress"]?.double.flatMap { (0...1).contains($0) ? $0 : nil }
  }
}
