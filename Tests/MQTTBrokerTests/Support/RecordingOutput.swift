import MQTTBroker
import MQTTProtocol
import MQTTTestSupport
import Testing

/// A connection's way out that keeps what it was given; the socket takes bytes only while `takesOutput`.
final class RecordingOutput: WireOutput {
  private(set) var packets: [ControlPacket] = []
  private(set) var isClosed = false
  private(set) var isPaused = false
  private(set) var flushes = 0
  /// What a full socket leaves waiting.
  var pendingBytes = 0
  var isFull = false
  var takesOutput = true
  /// Where unsent output counts, as that of a network connection does.
  var memory: ClientMemory?
  private var counted = 0
  private var isDiscarding = false
  /// Called before a packet is written.
  var willWrite: (() -> Void)?

  /// Kept as the broker means it: the wire of 3.1.1 has fewer reason codes.
  func write(_ packet: ControlPacket, version: ProtocolVersion) {
    keep(packet, size: packet.encodedSize(version: version))
  }

  func wrote(_ bytes: [UInt8], version: ProtocolVersion) {
    do throws(MQTTDecodeError) {
      keep(try ControlPacket(bytes: bytes, version: version), size: bytes.count)
    } catch {
      Issue.record("the broker wrote what is no packet: \(error.explanation) \(bytes)")
    }
  }

  private func keep(_ packet: ControlPacket, size: Int) {
    willWrite?()
    packets.append(packet)
    if !takesOutput, !isDiscarding { pendingBytes += size }
  }

  func flush() {
    flushes += 1
    countUnsent()
  }

  func discard() {
    isDiscarding = true
    pendingBytes = 0
    countUnsent()
  }

  private func countUnsent() {
    memory?.outputChanged(by: pendingBytes - counted)
    counted = pendingBytes
  }

  func pauseReading() { isPaused = true }
  func resumeReading() { isPaused = false }
  func close() { isClosed = true }

  func takeAll() -> [ControlPacket] {
    defer { packets = [] }
    return packets
  }
}
