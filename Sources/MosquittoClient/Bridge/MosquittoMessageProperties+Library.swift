internal import CMosquitto
internal import Glibc

extension MosquittoMessageProperties {
  /// Copies what a received PUBLISH carried.
  init(reading list: OpaquePointer?) {
    self.init()
    guard let list else { return }
    var expiry: UInt32 = 0
    if mosquitto_property_read_int32(list, Int32(MQTT_PROP_MESSAGE_EXPIRY_INTERVAL.rawValue), &expiry, false) != nil {
      messageExpiry = expiry
    }
    contentType = Self.string(list, Int32(MQTT_PROP_CONTENT_TYPE.rawValue))
    responseTopic = Self.string(list, Int32(MQTT_PROP_RESPONSE_TOPIC.rawValue))
    var bytes: UnsafeMutableRawPointer?
    var count: UInt16 = 0
    if mosquitto_property_read_binary(list, Int32(MQTT_PROP_CORRELATION_DATA.rawValue), &bytes, &count, false) != nil {
      correlationData = [UInt8](UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : Int(count)))
      free(bytes)
    }
    var next: OpaquePointer? = list
    var isFirst = true
    while let position = next {
      var name: UnsafeMutablePointer<CChar>?
      var value: UnsafeMutablePointer<CChar>?
      next = mosquitto_property_read_string_pair(
        position, Int32(MQTT_PROP_USER_PROPERTY.rawValue), &name, &value, !isFirst)
      isFirst = false
      if next != nil, let name, let value {
        userProperties.append(UserProperty(name: String(cString: name), value: String(cString: value)))
      }
      free(name)
      free(value)
    }
  }

  private static func string(_ list: OpaquePointer, _ identifier: Int32) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard mosquitto_property_read_string(list, identifier, &text, false) != nil, let text else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  /// Adds these properties to a list to send.
  func write(to list: inout MosquittoPropertyList) throws(MosquittoError) {
    if let messageExpiry {
      try list.add(Int32(MQTT_PROP_MESSAGE_EXPIRY_INTERVAL.rawValue), integer: messageExpiry)
    }
    if let contentType { try list.add(Int32(MQTT_PROP_CONTENT_TYPE.rawValue), string: contentType) }
    if let responseTopic { try list.add(Int32(MQTT_PROP_RESPONSE_TOPIC.rawValue), string: responseTopic) }
    if let correlationData { try list.add(Int32(MQTT_PROP_CORRELATION_DATA.rawValue), binary: correlationData) }
    for property in userProperties {
      try list.add(Int32(MQTT_PROP_USER_PROPERTY.rawValue), name: property.name, value: property.value)
    }
  }
}
