package import MQTTProtocol

/// The bytes of what has no columns of its own in a database. All begin with their format.
///
/// A message: flags (QoS, RETAIN, expiry, publisher's name), publisher, expiry where there is one, topic, payload,
/// properties, name where there is one.
extension DurableMessage {
  private static let format: UInt8 = 1

  package func encoded() -> [UInt8] {
    var flags = BlobFlags(qos)
    flags[2] = retain
    flags[3] = expiry != nil
    flags[4] = publisherName != nil
    var writer = BlobWriter(format: Self.format, reserving: 40 + topic.count + payload.count + properties.count)
    writer.write(flags.bits)
    writer.write(publisher)
    if let expiry { writer.write(expiry) }
    writer.write(string: topic)
    writer.write(string: payload)
    writer.write(string: properties)
    if let publisherName { writer.write(string: publisherName.utf8) }
    return writer.bytes
  }

  package init(decoding bytes: [UInt8]) throws(BlobError) {
    var reader = try BlobReader(bytes, format: Self.format)
    let flags = try BlobFlags(try reader.read(UInt8.self), known: 0x1F)
    let publisher = try reader.read(UInt64.self)
    let expiry = flags[3] ? try reader.read(Int64.self) : nil
    let topic = try reader.readString()
    let payload = try reader.readString()
    let properties = try reader.readString()
    let name = flags[4] ? try reader.readText() : nil
    try reader.end()
    // They are sent to clients as they are.
    guard (try? properties.withUnsafeBytes { try Properties.decodePublishProperties($0) }) != nil else {
      throw BlobError("cannot read properties")
    }
    self.init(
      topic: topic, payload: payload, qos: try flags.qos(), retain: flags[2], properties: properties, expiry: expiry,
      publisher: publisher, publisherName: name)
  }
}

/// A will: flags (QoS, RETAIN), topic, payload, properties.
extension Will {
  private static let format: UInt8 = 1

  package func encoded() -> [UInt8] {
    var flags = BlobFlags(qos)
    flags[2] = retain
    var writer = BlobWriter(format: Self.format, reserving: 32 + topic.utf8.count + payload.count)
    writer.write(flags.bits)
    writer.write(string: topic.utf8)
    writer.write(string: payload)
    writer.write(string: properties.encodedRaw())
    return writer.bytes
  }

  package init(decoding bytes: [UInt8]) throws(BlobError) {
    var reader = try BlobReader(bytes, format: Self.format)
    let flags = try BlobFlags(try reader.read(UInt8.self), known: 0x07)
    let topic = try reader.readText()
    let payload = try reader.readString()
    let raw = try reader.readString()
    try reader.end()
    guard let properties = try? raw.withUnsafeBytes({ try Properties.decodeWillProperties($0) }) else {
      throw BlobError("cannot read properties")
    }
    self.init(topic: topic, payload: payload, qos: try flags.qos(), retain: flags[2], properties: properties)
  }
}

/// All of a subscription but its filter: flags (QoS, No Local, Retain As Published, `me`, progress with its place and
/// whether that is owed), identifier, and the last serial and place of retained messages still to be brought.
extension DurableSubscription {
  private static let format: UInt8 = 1

  package func encodedOptions() -> [UInt8] {
    var flags = BlobFlags(qos)
    flags[2] = noLocal
    flags[3] = retainAsPublished
    flags[4] = isByMe
    flags[5] = retained != nil
    flags[6] = retained?.isOwed == true
    flags[7] = retained?.place != nil
    var writer = BlobWriter(format: Self.format, reserving: 24)
    writer.write(flags.bits)
    writer.write(identifier)
    if let retained { writer.write(retained.lastSerial) }
    if let place = retained?.place { writer.write(string: place) }
    return writer.bytes
  }

  package init(filter: [UInt8], decodingOptions bytes: [UInt8]) throws(BlobError) {
    var reader = try BlobReader(bytes, format: Self.format)
    let flags = try BlobFlags(try reader.read(UInt8.self), known: 0xFF)
    guard flags[5] || (!flags[6] && !flags[7]) else { throw BlobError("cannot read flags \(flags.bits)") }
    let identifier = try reader.read(UInt32.self)
    guard identifier <= MQTTLimits.maximumSubscriptionIdentifier else { throw BlobError("cannot read an identifier") }
    var retained: RetainedProgress?
    if flags[5] {
      let lastSerial = try reader.read(UInt64.self)
      retained = RetainedProgress(
        lastSerial: lastSerial, place: flags[7] ? try reader.readString() : nil, isOwed: flags[6])
    }
    try reader.end()
    self.init(
      filter: filter, qos: try flags.qos(), noLocal: flags[2], retainAsPublished: flags[3], identifier: identifier,
      isByMe: flags[4], retained: retained)
  }
}

/// What a delivery has beside its columns (serial, message, stage, Packet Identifier, order): flags (QoS, RETAIN, `me`,
/// group), identifiers with their number before them, and the group where there is one.
extension DurableDelivery {
  private static let format: UInt8 = 1

  package func encodedOptions() -> [UInt8] {
    var flags = BlobFlags(qos)
    flags[2] = retain
    flags[3] = isByMe
    flags[4] = share != nil
    var writer = BlobWriter(format: Self.format, reserving: 8 + 4 * identifiers.count + (share?.count ?? 0))
    writer.write(flags.bits)
    writer.write(UInt32(truncatingIfNeeded: identifiers.count))
    for identifier in identifiers { writer.write(identifier) }
    if let share { writer.write(string: share) }
    return writer.bytes
  }

  package init(
    serial: UInt64, message: UInt64, stage: Stage, packetIdentifier: UInt16, order: UInt64,
    decodingOptions bytes: [UInt8]
  ) throws(BlobError) {
    var reader = try BlobReader(bytes, format: Self.format)
    let flags = try BlobFlags(try reader.read(UInt8.self), known: 0x1F)
    var identifiers: [UInt32] = []
    for _ in 0..<(try reader.read(UInt32.self)) {
      let identifier = try reader.read(UInt32.self)
      guard (1...MQTTLimits.maximumSubscriptionIdentifier).contains(identifier) else {
        throw BlobError("cannot read an identifier")
      }
      identifiers.append(identifier)
    }
    let share = flags[4] ? try reader.readString() : nil
    try reader.end()
    self.init(
      serial: serial, message: message, qos: try flags.qos(), retain: flags[2], identifiers: identifiers,
      isByMe: flags[3], share: share, stage: stage, packetIdentifier: packetIdentifier, order: order)
  }
}

extension BlobFlags {
  fileprivate init(_ qos: QoS) {
    self.init()
    self[0] = qos.rawValue & 1 != 0
    self[1] = qos.rawValue & 2 != 0
  }

  fileprivate func qos() throws(BlobError) -> QoS {
    guard let qos = QoS(rawValue: bits & 0x03) else { throw BlobError("cannot read QoS 3") }
    return qos
  }
}
