import MQTTProtocol

extension FuzzTarget {
  /// The input is what a peer sends: control packets, one behind the other, each read in every version.
  package static let packetDecoder = FuzzTarget(name: "PacketDecoder", maximumInputBytes: 2_048) {
    input throws(FuzzFinding) in
    for version in [ProtocolVersion.v3_1, .v3_1_1, .v5] {
      var rest = input
      // A handful of packets says all that more could.
      for _ in 0..<8 where rest.count > 0 {
        guard let header = try FramingProperties.check(rest), header.packetLength <= rest.count else { break }
        let body = UnsafeRawBufferPointer(rebasing: rest[header.length..<header.packetLength])
        guard let packet = try PacketProperties.check(header, body: body, version: version) else { break }
        if case .publish(let publish) = packet {
          try PublishProperties.check(publish, header, body: body, version: version)
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[header.packetLength...])
      }
    }
  }
}
