extension Properties {
  /// The properties' bytes without their length prefix.
  package func encodedRaw() -> [UInt8] {
    let count = rawSize
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
      var sink = BufferSink(UnsafeMutableRawBufferPointer(buffer))
      writeRaw(to: &sink)
      written = sink.offset
    }
  }

  /// Reads properties that stand without their length prefix, as `PublishView.properties` does.
  ///
  /// Throws as the decoder of a PUBLISH does.
  package static func decodePublishProperties(
    _ raw: UnsafeRawBufferPointer
  ) throws(MQTTDecodeError) -> Properties {
    try decode(raw, context: .publish)
  }

  /// Reads the properties of a will that stand without their length prefix. Throws as the decoder of a CONNECT does.
  package static func decodeWillProperties(
    _ raw: UnsafeRawBufferPointer
  ) throws(MQTTDecodeError) -> Properties {
    try decode(raw, context: .will)
  }

  /// Reads a length prefix and the properties behind it.
  static func decode(
    _ reader: inout WireReader, context: PropertyContexts
  ) throws(MQTTDecodeError) -> Properties {
    let length = try reader.readVariableByteInteger()
    return try decode(try reader.readBytes(length), context: context)
  }

  private static func decode(
    _ raw: UnsafeRawBufferPointer, context: PropertyContexts
  ) throws(MQTTDecodeError) -> Properties {
    var properties = Properties()
    var fields = PropertyReader(raw, context: context)
    while let field = try fields.next() { properties.items.append(Property(field)) }
    if fields.hasSeen(.authenticationData), !fields.hasSeen(.authenticationMethod) {
      throw .protocolError("Authentication Data without Authentication Method")  // §3.1.2.11.10
    }
    return properties
  }

  /// Bytes without the length prefix.
  private var rawSize: Int {
    var counter = CountingSink()
    writeRaw(to: &counter)
    return counter.count
  }

  /// Writes the length prefix and the properties.
  func write(to sink: inout some WireSink) {
    sink.writeVariableByteInteger(isEmpty ? 0 : rawSize)
    writeRaw(to: &sink)
  }

  private func writeRaw(to sink: inout some WireSink) {
    for property in items { property.write(to: &sink) }
  }
}
