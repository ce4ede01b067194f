extension CommandRequest {
  /// A member of a command request that is not what it must be.
  package struct Problem: Error, Equatable, Sendable {
    package let member: String
    package let received: String
    package let allowed: String
  }

  /// Reads the request; members it does not know are refused, so that a typo does not go unnoticed.
  package init(_ json: JSONValue, limits: DeviceManagementLimits) throws(Problem) {
    guard case .object(let members) = json else {
      throw Problem(member: "body", received: json.kind, allowed: "an object")
    }
    for member in members where !["name", "arguments", "ttl_s"].contains(member.name) {
      throw Problem(member: member.name, received: member.value.kind, allowed: "name, arguments, ttl_s")
    }
    guard let name = json["name"]?.text else {
      throw Problem(
        member: "name", received: json["name"]?.kind ?? "nothing",
        allowed: "a string of 1 to \(limits.maximumCommandNameBytes) letters, digits, '.', '_', ':' and '-'")
    }
    self.init(name: name, arguments: json["arguments"])
    if let given = json["ttl_s"], given != .null {
      let limit = limits.maximumTimeToLive / 1_000
      guard let seconds = given.double, seconds >= 0.001, seconds <= Double(limit),
        let milliseconds = Int64(exactly: (seconds * 1_000).rounded())
      else {
        throw Problem(
          member: "ttl_s", received: String(decoding: given.encoded.prefix(64), as: UTF8.self),
          allowed: "seconds from 0.001 to \(limit)")
      }
      timeToLive = milliseconds
    }
  }
}
