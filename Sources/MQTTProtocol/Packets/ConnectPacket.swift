/// CONNECT (MQTT 5.0 §3.1).
package struct ConnectPacket: Equatable, Sendable {
  package var version: ProtocolVersion
  /// Clean Session in 3.1.1, Clean Start in 5.0.
  package var cleanStart: Bool
  /// Seconds; 0 means no keep-alive.
  package var keepAlive: UInt16
  /// Empty where the server shall choose one.
  package var clientIdentifier: String
  package var will: Will?
  package var userName: String?
  package var password: [UInt8]?
  package var properties: Properties

  package init(
    version: ProtocolVersion, cleanStart: Bool = true, keepAlive: UInt16 = 0, clientIdentifier: String,
    will: Will? = nil, userName: String? = nil, password: [UInt8]? = nil, properties: Properties = Properties()
  ) {
    self.version = version
    self.cleanStart = cleanStart
    self.keepAlive = keepAlive
    self.clientIdentifier = clientIdentifier
    self.will = will
    self.userName = userName
    self.password = password
    self.properties = properties
  }
}
