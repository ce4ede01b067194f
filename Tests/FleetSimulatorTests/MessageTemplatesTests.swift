import MQTTProtocol
import Testing

@testable import FleetSimulator

@Suite struct MessageTemplatesTests {
  private func settings(
    qos: QoS = .atLeastOnce, payload: PayloadFormat = .json, metrics: Int = 3, version: ProtocolVersion = .v3_1_1,
    devices: Int = 3, seed: UInt64 = 5
  ) -> FleetSettings {
    FleetSettings(
      hub: HubAddress(host: "localhost", port: 1), devices: devices, connections: 1, qos: qos, rate: .maximum,
      window: 10, payload: payload, metrics: Array(SimulatedMetric.allCases.prefix(metrics)), devicePrefix: "sim-",
      version: version, seed: seed, idle: false, keepAlive: 60, threads: 1)
  }

  /// Renders and reads back with the codec that the hub uses.
  private func render(
    _ templates: inout MessageTemplates, _ count: Int, now: Int64, identifier: UInt16 = 1, last: UInt16 = 10,
    version: ProtocolVersion
  ) throws -> [PublishPacket] {
    var bytes = [UInt8](repeating: 0xFF, count: count * templates.longest)
    let written = bytes.withUnsafeMutableBytes {
      templates.render(count, now: now, identifier: identifier, lastIdentifier: last, into: $0)
    }
    var packets: [PublishPacket] = []
    try bytes[..<written].withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let view = UnsafeRawBufferPointer(rebasing: rest)
        let header = try #require(try PacketFraming.readHeader(view, maximumPacketSize: 1000))
        let body = UnsafeRawBufferPointer(rebasing: view[header.length..<header.packetLength])
        guard case .publish(let packet) = try ControlPacket.decode(header, body: body, version: version) else {
          Issue.record("not a PUBLISH")
          return
        }
        packets.append(packet)
        rest = rest.dropFirst(header.packetLength)
      }
    }
    #expect(packets.count == count)
    return packets
  }

  @Test(
    "Rendered bytes are valid publishes of the devices in turn",
    arguments: [ProtocolVersion.v3_1_1, .v5], [QoS.atMostOnce, .atLeastOnce])
  func validPackets(version: ProtocolVersion, qos: QoS) throws {
    let settings = settings(qos: qos, version: version, devices: 12)
    var templates = settings.templates(ofConnection: 0, timestamp: 1_700_000_000_000)
    let packets = try render(&templates, 25, now: 1_700_000_000_500, identifier: 9, version: version)
    for (index, packet) in packets.enumerated() {
      #expect(String(decoding: packet.topic, as: UTF8.self) == "v1/devices/sim-\(index % 12)/telemetry")
      #expect(packet.qos == qos)
      #expect(!packet.retain && !packet.duplicate)
      #expect(packet.packetIdentifier == (qos == .atMostOnce ? 0 : UInt16((8 + index) % 10) + 1))
      #expect(packet.payload.first == UInt8(ascii: "{") && packet.payload.last == UInt8(ascii: "}"))
    }
  }

  @Test("Timestamps of a device always grow, and follow the time where they are behind it")
  func timestamps() throws {
    var templates = settings(devices: 2).templates(ofConnection: 0, timestamp: 1_699_999_999_990)
    var last = [Int64](repeating: 1_699_999_999_990, count: 2)
    var generator = SplitMix64(seed: 3)
    var now: Int64 = 1_699_999_999_995
    for _ in 0..<300 {
      now += Int64.random(in: 0...40, using: &generator)
      let packets = try render(
        &templates, Int.random(in: 1...40, using: &generator) * 2, now: now, version: .v3_1_1)
      for (index, packet) in packets.enumerated() {
        let text = String(decoding: packet.payload, as: UTF8.self)
        let found = try #require(text.firstRange(of: "\"ts\":"))
        let timestamp = try #require(Int64(text[found.upperBound...].dropLast()))
        #expect(timestamp == max(now, last[index % 2] + 1))
        last[index % 2] = timestamp
      }
    }
  }

  @Test("Values stay in range and move at most three units a reading")
  func values() throws {
    var templates = settings(metrics: 3, devices: 1).templates(ofConnection: 0, timestamp: 0)
    var last: [String: Int32] = [:]
    for _ in 0..<200 {
      for packet in try render(&templates, 50, now: 1_700_000_000_000, version: .v3_1_1) {
        let fields = String(decoding: packet.payload.dropFirst().dropLast(), as: UTF8.self).split(separator: ",")
        for (metric, field) in zip(SimulatedMetric.allCases, fields) {
          let parts = field.split(separator: ":")
          #expect(parts[0] == "\"\(metric.name)\"")
          let value = try #require(Int32(parts[1].filter { $0 != "." }))
          #expect(metric.range.contains(value))
          if let before = last[metric.name] { #expect(abs(value - before) <= 3) }
          last[metric.name] = value
        }
      }
    }
  }

  @Test("Bare payloads take one topic a metric and carry one number")
  func bare() throws {
    var templates = settings(payload: .bare, metrics: 2, devices: 2).templates(ofConnection: 0, timestamp: 0)
    let packets = try render(&templates, 4, now: 1, version: .v3_1_1)
    #expect(
      packets.map { String(decoding: $0.topic, as: UTF8.self) } == [
        "v1/devices/sim-0/telemetry/temperature", "v1/devices/sim-1/telemetry/temperature",
        "v1/devices/sim-0/telemetry/humidity", "v1/devices/sim-1/telemetry/humidity",
      ])
    for packet in packets { #expect(Double(String(decoding: packet.payload, as: UTF8.self)) != nil) }
  }

  @Test("Equal seeds give equal values, other seeds others")
  func seeds() throws {
    func payloads(seed: UInt64) throws -> [[UInt8]] {
      var templates = settings(seed: seed).templates(ofConnection: 0, timestamp: 0)
      return try render(&templates, 30, now: 1_700_000_000_000, version: .v3_1_1).map(\.payload)
    }
    #expect(try payloads(seed: 1) == payloads(seed: 1))
    #expect(try payloads(seed: 1) != payloads(seed: 2))
  }
}
