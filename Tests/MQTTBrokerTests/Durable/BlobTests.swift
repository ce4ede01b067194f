import MQTTBroker
import MQTTProtocol
import Testing

/// What a database keeps as bytes is read back as it was, or not at all.
@Suite struct BlobTests {
  private static let messages = [
    DurableMessage(topic: [], payload: [], qos: .atMostOnce, retain: false),
    DurableMessage(
      topic: Array("a/b".utf8), payload: [0, 255, 7], qos: .exactlyOnce, retain: true,
      properties: Properties([.contentType("text")]).encodedRaw(), expiry: .min, publisher: .max,
      publisherName: "ü"),
    DurableMessage(
      topic: Array("t".utf8), payload: Array(repeating: 9, count: 300), qos: .atLeastOnce, retain: false, expiry: 1),
  ]

  private static let wills = [
    Will(topic: "w", payload: [], qos: .atMostOnce, retain: false),
    Will(
      topic: "status/é", payload: [1, 2], qos: .exactlyOnce, retain: true,
      properties: [.willDelayInterval(7), .userProperty("a", "b"), .messageExpiryInterval(3)]),
  ]

  private static let subscriptions = [
    DurableSubscription(filter: Array("a/#".utf8), qos: .atMostOnce),
    DurableSubscription(
      filter: Array("$share/g/a".utf8), qos: .exactlyOnce, noLocal: true, retainAsPublished: true,
      identifier: 268_435_455, isByMe: true,
      retained: RetainedProgress(lastSerial: .max, place: Array("x/y".utf8), isOwed: true)),
    DurableSubscription(
      filter: [], qos: .atLeastOnce, retained: RetainedProgress(lastSerial: 0, place: nil, isOwed: false)),
  ]

  private static let deliveries = [
    DurableDelivery(serial: 1, message: 2, qos: .atLeastOnce),
    DurableDelivery(
      serial: 3, message: 0, qos: .exactlyOnce, retain: true, identifiers: [1, 268_435_455], isByMe: true,
      share: Array("$share/g/t".utf8), stage: .received, packetIdentifier: 65_535, order: .max),
  ]

  private func read(_ delivery: DurableDelivery, _ options: [UInt8]) throws(BlobError) -> DurableDelivery {
    try DurableDelivery(
      serial: delivery.serial, message: delivery.message, stage: delivery.stage,
      packetIdentifier: delivery.packetIdentifier, order: delivery.order, decodingOptions: options)
  }

  @Test func everythingIsReadBack() throws {
    for message in Self.messages { #expect(try DurableMessage(decoding: message.encoded()) == message) }
    for will in Self.wills { #expect(try Will(decoding: will.encoded()) == will) }
    for row in Self.subscriptions {
      #expect(try DurableSubscription(filter: row.filter, decodingOptions: row.encodedOptions()) == row)
    }
    for row in Self.deliveries { #expect(try read(row, row.encodedOptions()) == row) }
  }

  /// Every truncation, a byte too many, an unknown format, and every byte changed: an error or another value, no trap.
  @Test func damageIsAnError() {
    for message in Self.messages {
      damage(message.encoded()) { bytes throws(BlobError) in
        _ = try DurableMessage(decoding: bytes)
      }
    }
    for will in Self.wills { damage(will.encoded()) { bytes throws(BlobError) in _ = try Will(decoding: bytes) } }
    for row in Self.subscriptions {
      damage(row.encodedOptions()) { bytes throws(BlobError) in
        _ = try DurableSubscription(filter: row.filter, decodingOptions: bytes)
      }
    }
    for row in Self.deliveries {
      damage(row.encodedOptions()) { bytes throws(BlobError) in
        _ = try read(row, bytes)
      }
    }
  }

  private func damage(_ bytes: [UInt8], _ decode: ([UInt8]) throws(BlobError) -> Void) {
    for count in 0..<bytes.count { #expect(throws: BlobError.self) { try decode(Array(bytes.prefix(count))) } }
    #expect(throws: BlobError.self) { try decode(bytes + [0]) }
    #expect(throws: BlobError.self) { try decode([2] + bytes.dropFirst()) }
    for place in bytes.indices {
      for value in [UInt8(0), 0x7F, 0x80, 0xFF] {
        var changed = bytes
        changed[place] = value
        do throws(BlobError) { try decode(changed) } catch { #expect(!error.explanation.isEmpty) }
      }
    }
  }
}
