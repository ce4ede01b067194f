/// A device's question on `commands/next`: `{"max":1,"wait_s":0}`; an empty payload asks for one.
package struct NextCommandsRequest: Sendable, Equatable {
  package static let maximumCommands = 16

  /// From 1 to `maximumCommands`.
  package let maximum: Int
  /// Seconds, from 0.
  package let waitSeconds: Double

  package init(parsing payload: [UInt8], limits: DeviceManagementLimits) throws(JSONError) {
    if payload.isEmpty {
      (maximum, waitSeconds) = (1, 0)
      return
    }
    guard payload.count <= limits.maximumResultBytes else {
      throw JSONError(offset: 0, reason: "larger than \(limits.maximumResultBytes) bytes")
    }
    let value = try JSONValue(parsing: payload, maximumDepth: limits.maximumJSONDepth)
    guard case .object = value else { throw JSONError(offset: 0, reason: "expected an object, found \(value.kind)") }
    let asked = value["max"]?.double ?? 1
    maximum = Int(min(max(asked, 1), Double(Self.maximumCommands)))
    waitSeconds = min(max(value["wait_s"]?.double ?? 0, 0), Double(limits.maximumWait) / 1_000)
  }
}
