extension ConnectPacket {
  /// The protocol level that a CONNECT's body asks for, supported or not; nil when it is too short to say.
  ///
  /// For answering a CONNECT that cannot be read in the form its sender understands.
  package static func protocolLevel(of body: UnsafeRawBufferPointer) -> UInt8? {
    var reader = WireReader(body)
    guard (try? reader.readBinary()) != nil else { return nil }
    return try? reader.readByte()
  }

  init(from reader: inout WireReader) throws(MQTTDecodeError) {
    version = try Self.readVersion(from: &reader)
    let flags = ConnectFlags(rawValue: try reader.readByte())
    try flags.validate(version: version)
    cleanStart = flags.contains(.cleanStart)
    keepAlive = try reader.readUInt16()
    properties = version == .v5 ? try Properties.decode(&reader, context: .connect) : Properties()
    clientIdentifier = try reader.readString()
    will = flags.contains(.will) ? try Will(from: &reader, flags: flags, version: version) : nil
    // The length of a packet of 3.1 goes before its flags, since clients older still set them idly (MQTT 3.1 §3.1).
    func follows(_ field: ConnectFlags) -> Bool {
      flags.contains(field) && (version != .v3_1 || reader.remaining > 0)
    }
    userName = follows(.userName) ? try reader.readString() : nil
    password = follows(.password) ? Array(try reader.readBinary()) : nil
  }

  private static func readVersion(from reader: inout WireReader) throws(MQTTDecodeError) -> ProtocolVersion {
    let name = try reader.readBinary()
    let isMQTT = name.elementsEqual("MQTT".utf8)
    guard isMQTT || name.elementsEqual("MQIsdp".utf8) else {
      throw .malformed("protocol name is not MQTT")  // [MQTT-3.1.2-1]
    }
    guard let version = ProtocolVersion(rawValue: try reader.readByte()), isMQTT == (version != .v3_1) else {
      throw MQTTDecodeError(.unsupportedProtocolVersion, "protocol level is not supported")  // [MQTT-3.1.2-2]
    }
    return version
  }

  func writeBody(to sink: inout some WireSink) {
    sink.writeString(version == .v3_1 ? "MQIsdp" : "MQTT")
    sink.write(version.rawValue)
    sink.write(flags.rawValue)
    sink.write(keepAlive)
    if version == .v5 { properties.write(to: &sink) }
    sink.writeString(clientIdentifier)
    will?.write(to: &sink, version: version)
    if let userName { sink.writeString(userName) }
    if let password { sink.writeBinary(password) }
  }

  private var flags: ConnectFlags {
    var flags = ConnectFlags()
    if cleanStart { flags.insert(.cleanStart) }
    if let will {
      flags.insert(.will)
      flags.formUnion(ConnectFlags(rawValue: will.qos.rawValue << 3))
      if will.retain { flags.insert(.willRetain) }
    }
    if userName != nil { flags.insert(.userName) }
    if password != nil { flags.insert(.password) }
    return flags
  }
}

extension Will {
  init(from reader: inout WireReader, flags: ConnectFlags, version: ProtocolVersion) throws(MQTTDecodeError) {
    properties = version == .v5 ? try Properties.decode(&reader, context: .will) : Properties()
    topic = try reader.readString()
    guard TopicName.isValid(topic) else {
      throw MQTTDecodeError(.topicNameInvalid, "Will Topic is empty or holds a wildcard")  // [MQTT-4.7.0-1]
    }
    payload = Array(try reader.readBinary())
    guard let qos = flags.willQoS else { throw .malformed("Will QoS is 3") }  // [MQTT-3.1.2-12]
    self.qos = qos
    retain = flags.contains(.willRetain)
  }

  func write(to sink: inout some WireSink, version: ProtocolVersion) {
    if version == .v5 { properties.write(to: &sink) }
    sink.writeString(topic)
    sink.writeBinary(payload)
  }
}
