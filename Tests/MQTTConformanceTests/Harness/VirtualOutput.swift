import MQTTBroker
import MQTTProtocol
import MQTTTestSupport
import Testing

/// A connection's way out that keeps what it is given, read back from the wire.
final class VirtualOutput: WireOutput {
  var packets: [ControlPacket] = []
  private(set) var isClosed = false

  var pendingBytes: Int { 0 }
  var isFull: Bool { false }

  func wrote(_ bytes: [UInt8], version: ProtocolVersion) {
    do throws(MQTTDecodeError) {
      packets.append(try ControlPacket(bytes: bytes, version: version))
    } catch {
      Issue.record("the broker wrote what is no packet: \(error.explanation) \(bytes)")
    }
  }

  func flush() {}
  func discard() {}
  func pauseReading() {}
  func resumeReading() {}
  func close() { isClosed = true }
}
