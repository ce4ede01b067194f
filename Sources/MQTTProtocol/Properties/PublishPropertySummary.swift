/// What a server acts on among a PUBLISH's properties; ranges are into `PublishView.properties`.
package struct PublishPropertySummary: Equatable, Sendable {
  /// 0 means none.
  package var topicAlias: UInt16 = 0
  /// Seconds.
  package var messageExpiryInterval: UInt32?
  package var payloadIsUTF8 = false
  package var responseTopic: Range<Int>?
  package var correlationData: Range<Int>?
  /// A client must not send one [MQTT-3.3.4-6]; a server may.
  package var hasSubscriptionIdentifier = false

  package init() {}

  /// Reads and validates properties that stand without their length prefix.
  package init(reading properties: UnsafeRawBufferPointer) throws(MQTTDecodeError) {
    var fields = PropertyReader(properties, context: .publish)
    while let field = try fields.next() {
      switch field.identifier {
      case .topicAlias: topicAlias = UInt16(truncatingIfNeeded: field.number)
      case .messageExpiryInterval: messageExpiryInterval = field.number
      case .payloadFormatIndicator: payloadIsUTF8 = field.number == 1
      // Both end where their property does.
      case .responseTopic: responseTopic = field.range.upperBound &- field.text.count..<field.range.upperBound
      case .correlationData: correlationData = field.range.upperBound &- field.text.count..<field.range.upperBound
      case .subscriptionIdentifier: hasSubscriptionIdentifier = true
      default: break
      }
    }
  }
}
