/// Topic names: what a message is published to (MQTT 5.0 §4.7).
package enum TopicName {
  /// Whether `utf8` may be a topic name.
  ///
  /// 1 to 65,535 bytes [MQTT-4.7.3-1], [MQTT-4.7.3-3] of well-formed UTF-8, without U+0000 [MQTT-4.7.3-2] and without
  /// `+` and `#` [MQTT-4.7.0-1].
  package static func isValid(_ utf8: UnsafeRawBufferPointer) -> Bool {
    utf8.count > 0 && utf8.count <= MQTTLimits.maximumStringLength && UTF8Validation.isValidWithoutWildcards(utf8)
  }

  package static func isValid(_ utf8: some Collection<UInt8>) -> Bool {
    ContiguousBytes.with(utf8) { isValid($0) }
  }

  package static func isValid(_ topic: String) -> Bool {
    ContiguousBytes.with(topic.utf8) { isValid($0) }
  }
}
