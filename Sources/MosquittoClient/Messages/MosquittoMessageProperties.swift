/// The PUBLISH properties of MQTT 5 that an application uses (MQTT 5.0 §3.3.2.3).
package struct MosquittoMessageProperties: Sendable, Equatable {
  /// Seconds until the message is worthless.
  package var messageExpiry: UInt32?
  package var contentType: String?
  /// Where the receiver should answer.
  package var responseTopic: String?
  /// What the answer must carry back; at most 65,535 bytes.
  package var correlationData: [UInt8]?
  /// Names may repeat; the order is kept.
  package var userProperties: [UserProperty] = []

  /// One name with its value.
  package struct UserProperty: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package init(
    messageExpiry: UInt32? = nil, contentType: String? = nil, responseTopic: String? = nil,
    correlationData: [UInt8]? = nil, userProperties: [UserProperty] = []
  ) {
    self.messageExpiry = messageExpiry
    self.contentType = contentType
    self.responseTopic = responseTopic
    self.correlationData = correlationData
    self.userProperties = userProperties
  }

  package var isEmpty: Bool { self == MosquittoMessageProperties() }
}
