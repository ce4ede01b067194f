import DeviceManagement

/// What a hub says where it refuses a request. (RFC 9457)
enum HubProblem {
  private static let maximumDepth = 8

  static func words(_ body: [UInt8], status: Int) -> String {
    let json = try? JSONValue(parsing: body, maximumDepth: maximumDepth)
    return json?["detail"]?.text ?? "the hub answered \(status)"
  }
}
