import MQTTBroker
import MQTTProtocol

/// What `v1/devices/me` is to one client.
struct ClientTopics {
  let clientIdentifier: String

  private static let me = Array("v1/devices/me".utf8)

  /// The topic or filter with the client's name in it, where it has one that fits.
  func resolved(_ topic: [UInt8]) -> [UInt8] {
    guard topic.starts(with: Self.me), topic.count == Self.me.count || topic[Self.me.count] == UInt8(ascii: "/"),
      DeviceName.isValid(clientIdentifier)
    else { return topic }
    return Array("v1/devices/\(clientIdentifier)".utf8) + topic[Self.me.count...]
  }
}
