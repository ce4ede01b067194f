/// What a server passes on of a PUBLISH's properties (MQTT 5.0 §3.3.2.3): raw bytes without their length prefix.
package enum ForwardedProperties {
  /// Copies `raw`, which a decoder accepted, without what belongs to one connection or to the server.
  ///
  /// Left out are Topic Alias [MQTT-3.3.2-7], Subscription Identifier [MQTT-3.3.4-6] and a will's Will Delay
  /// Interval. All else, User Properties in their order included, is passed on unchanged [MQTT-3.3.2-17].
  package static func make(from raw: UnsafeRawBufferPointer) -> [UInt8] {
    if raw.isEmpty { return [] }
    var forwarded = [UInt8]()
    forwarded.reserveCapacity(raw.count)
    forEachField(of: raw) { field in
      switch field.identifier {
      case .topicAlias, .subscriptionIdentifier, .willDelayInterval: break
      default: forwarded.append(contentsOf: UnsafeRawBufferPointer(rebasing: raw[field.range]))
      }
    }
    return forwarded
  }

  /// The bytes for one subscriber: its subscriptions' identifiers added, the time left put in.
  ///
  /// - Parameters:
  ///   - forwarded: what `make(from:)` returned.
  ///   - identifiers: those of the matching subscriptions, each 1 to 268,435,455 [MQTT-3.3.4-3].
  ///   - messageExpiryInterval: seconds left [MQTT-3.3.2-6]; takes the place of the one in `forwarded`, where there
  ///     is one. nil leaves it as it came.
  package static func withSubscriptionIdentifiers(
    _ forwarded: [UInt8], _ identifiers: [UInt32], messageExpiryInterval: UInt32?
  ) -> [UInt8] {
    var result = forwarded
    // Identifier byte and at most four of value.
    result.reserveCapacity(forwarded.count + identifiers.count * 5)
    if let messageExpiryInterval, let position = messageExpiryOffset(in: forwarded) {
      withUnsafeBytes(of: messageExpiryInterval.bigEndian) { bytes in
        result.replaceSubrange(position..<position + bytes.count, with: bytes)
      }
    }
    for identifier in identifiers {
      precondition(identifier <= MQTTLimits.maximumSubscriptionIdentifier, "BUG: Subscription Identifier too great")
      result.append(PropertyIdentifier.subscriptionIdentifier.rawValue)
      var rest = identifier
      while rest >= 0x80 {
        result.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      result.append(UInt8(truncatingIfNeeded: rest))
    }
    return result
  }

  /// Where the value of Message Expiry Interval begins.
  private static func messageExpiryOffset(in forwarded: [UInt8]) -> Int? {
    var offset: Int?
    forwarded.withUnsafeBytes { raw in
      forEachField(of: raw) { field in
        if field.identifier == .messageExpiryInterval { offset = field.range.lowerBound + 1 }
      }
    }
    return offset
  }

  private static func forEachField(of raw: UnsafeRawBufferPointer, _ body: (PropertyField) -> Void) {
    var fields = PropertyReader(raw, context: [.publish, .will])
    // A decoder accepted these bytes; where that is not so, what cannot be read is not passed on.
    while let field = try? fields.next() { body(field) }
  }
}
