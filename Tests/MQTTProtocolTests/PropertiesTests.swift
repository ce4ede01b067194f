import MQTTProtocol
import Testing

@Suite("Properties")
struct PropertiesTests {
  /// A packet of 5.0 that holds these raw properties in this place, and else as little as it can.
  private func packet(_ place: Place, _ raw: [UInt8]) -> [UInt8] {
    let properties = [UInt8(raw.count)] + raw
    return switch place {
    case .connect: frame(0x10, wire("0004 'MQTT' 05 02 0000") + properties + [0, 0])
    case .will: frame(0x10, wire("0004 'MQTT' 05 06 0000 00 0000") + properties + wire("0001 'w' 0000"))
    case .connack: frame(0x20, [0, 0] + properties)
    case .publish: frame(0x30, wire("0001 't'") + properties)
    case .puback: frame(0x40, [0, 1, 0] + properties)
    case .pubrec: frame(0x50, [0, 1, 0] + properties)
    case .pubrel: frame(0x62, [0, 1, 0] + properties)
    case .pubcomp: frame(0x70, [0, 1, 0] + properties)
    case .subscribe: frame(0x82, [0, 1] + properties + wire("0001 'a' 00"))
    case .suback: frame(0x90, [0, 1] + properties + [0])
    case .unsubscribe: frame(0xA2, [0, 1] + properties + wire("0001 'a'"))
    case .unsuback: frame(0xB0, [0, 1] + properties + [0])
    case .disconnect: frame(0xE0, [0] + properties)
    case .auth: frame(0xF0, [0x18] + wire("") + properties)
    }
  }

  /// What a property needs beside it to be allowed at all.
  private func companion(_ identifier: UInt8, in place: Place) -> Properties {
    let needsMethod = identifier == 0x16 || (place == .auth && identifier != 0x15)
    return needsMethod ? [.authenticationMethod("m")] : []
  }

  @Test("each stands only where table 2-4 allows it", arguments: Place.allCases)
  func places(place: Place) throws {
    var generator = SeededGenerator(seed: 11)
    for (identifier, places) in propertyTable {
      let property = generator.property(identifier)
      let properties = Properties([property] + companion(identifier, in: place).items)
      let bytes = packet(place, properties.encodedRaw())
      if places.contains(place) {
        let decoded = try #require(try decode(bytes, version: .v5))
        #expect(decoded.encoded(version: .v5) == bytes)
      } else {
        #expect(decodeError(bytes, version: .v5)?.reasonCode == .malformedPacket, "\(property)")
      }
    }
  }

  @Test("each comes once, but User Property and a PUBLISH's Subscription Identifier", arguments: Place.allCases)
  func repetition(place: Place) throws {
    var generator = SeededGenerator(seed: 12)
    for (identifier, places) in propertyTable where places.contains(place) {
      let twice = [generator.property(identifier), generator.property(identifier)]
      let properties = Properties(twice + companion(identifier, in: place).items)
      let error = decodeError(packet(place, properties.encodedRaw()), version: .v5)
      if identifier == 0x26 || (identifier == 0x0B && place == .publish) {
        #expect(error == nil)
      } else {
        #expect(error?.reasonCode == .protocolError, "\(twice)")
      }
    }
  }

  @Test("unknown identifiers are malformed everywhere", arguments: Place.allCases)
  func unknown(place: Place) {
    for identifier in UInt8.min...UInt8.max where propertyTable[identifier] == nil {
      #expect(decodeError(packet(place, [identifier, 0, 0, 0, 0]), version: .v5)?.reasonCode == .malformedPacket)
    }
  }

  @Test("each is malformed when cut", arguments: Place.allCases)
  func cut(place: Place) {
    var generator = SeededGenerator(seed: 13)
    for (identifier, places) in propertyTable where places.contains(place) {
      let raw = Properties([generator.property(identifier)]).encodedRaw()
      for count in 1..<raw.count {
        #expect(decodeError(packet(place, Array(raw.prefix(count))), version: .v5)?.reasonCode == .malformedPacket)
      }
    }
  }

  @Test("booleans are 0 or 1", arguments: [0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A] as [UInt8])
  func booleans(identifier: UInt8) throws {
    let place = try #require(propertyTable[identifier]?.first)
    #expect(decodeError(packet(place, [identifier, 0]), version: .v5) == nil)
    #expect(decodeError(packet(place, [identifier, 1]), version: .v5) == nil)
    for value in UInt8(2)...255 {
      #expect(decodeError(packet(place, [identifier, value]), version: .v5)?.reasonCode == .protocolError)
    }
  }

  @Test("accessors give what is there, and nil where nothing is")
  func accessors() {
    let properties: Properties = [
      .payloadFormatIndicator(1), .messageExpiryInterval(2), .contentType("c"), .responseTopic("r"),
      .correlationData([3]), .subscriptionIdentifier(4), .subscriptionIdentifier(5), .sessionExpiryInterval(6),
      .assignedClientIdentifier("a"), .serverKeepAlive(7), .authenticationMethod("m"), .authenticationData([8]),
      .requestProblemInformation(0), .willDelayInterval(9), .requestResponseInformation(1),
      .responseInformation("i"), .serverReference("s"), .reasonString("w"), .receiveMaximum(10),
      .topicAliasMaximum(11), .topicAlias(12), .maximumQoS(1), .retainAvailable(0), .userProperty("k", "v"),
      .userProperty("k", "w"), .maximumPacketSize(13), .wildcardSubscriptionAvailable(0),
      .subscriptionIdentifierAvailable(1), .sharedSubscriptionAvailable(0),
    ]
    #expect(properties.payloadIsUTF8 == true)
    #expect(properties.messageExpiryInterval == 2)
    #expect(properties.contentType == "c")
    #expect(properties.responseTopic == "r")
    #expect(properties.correlationData == [3])
    #expect(properties.subscriptionIdentifiers == [4, 5])
    #expect(properties.sessionExpiryInterval == 6)
    #expect(properties.assignedClientIdentifier == "a")
    #expect(properties.serverKeepAlive == 7)
    #expect(properties.authenticationMethod == "m")
    #expect(properties.authenticationData == [8])
    #expect(properties.requestProblemInformation == false)
    #expect(properties.willDelayInterval == 9)
    #expect(properties.requestResponseInformation == true)
    #expect(properties.responseInformation == "i")
    #expect(properties.serverReference == "s")
    #expect(properties.reasonString == "w")
    #expect(properties.receiveMaximum == 10)
    #expect(properties.topicAliasMaximum == 11)
    #expect(properties.topicAlias == 12)
    #expect(properties.maximumQoS == .atLeastOnce)
    #expect(properties.retainAvailable == false)
    #expect(properties.userProperties.map(\.name) == ["k", "k"])
    #expect(properties.userProperties.map(\.value) == ["v", "w"])
    #expect(properties.maximumPacketSize == 13)
    #expect(properties.wildcardSubscriptionAvailable == false)
    #expect(properties.subscriptionIdentifierAvailable == true)
    #expect(properties.sharedSubscriptionAvailable == false)

    let empty = Properties()
    #expect(empty.isEmpty)
    #expect(empty.encodedRaw() == [])
    #expect(empty.sessionExpiryInterval == nil)
    #expect(empty.responseTopic == nil)
    #expect(empty.subscriptionIdentifiers == [])
    #expect(empty.userProperties.isEmpty)
  }
}
