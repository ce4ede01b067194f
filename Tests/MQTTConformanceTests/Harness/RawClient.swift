import Glibc
import MQTTProtocol
import MQTTTestSupport
import Testing

/// The far end of a TCP connection: sends any bytes, reads packet by packet, and never waits past a deadline.
///
/// Calls block their thread; the server has threads of its own.
final class RawClient {
  /// How long anything that must come is waited for.
  static let patience: Duration = .seconds(5)

  /// What the packets that come are read as.
  let version: ProtocolVersion
  /// The answer to CONNECT, once it was read.
  private(set) var connack: ConnackPacket?
  private var descriptor: CInt
  private var unread: [UInt8] = []
  private var lastPacketIdentifier: UInt16 = 0

  init(port: UInt16, version: ProtocolVersion, at location: SourceLocation) throws {
    self.version = version
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw HarnessError("socket: errno \(errno)", at: location) }
    var on: CInt = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw HarnessError("connect: errno \(errno)", at: location) }
  }

  deinit { closeSocket() }

  /// Ends the connection without a word: what the server sees is a lost client.
  func closeSocket() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  /// A packet identifier that this client has not used yet.
  func nextPacketIdentifier() -> UInt16 {
    lastPacketIdentifier += 1
    return lastPacketIdentifier
  }

  // MARK: Sending

  func send(_ bytes: [UInt8], at location: SourceLocation = #_sourceLocation) throws {
    var offset = 0
    while offset < bytes.count {
      let written = bytes[offset...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard written > 0 else { throw HarnessError("send: errno \(errno)", at: location) }
      offset += written
    }
  }

  /// Sends packets in one write.
  func send(_ packets: ControlPacket..., at location: SourceLocation = #_sourceLocation) throws {
    try send(packets.flatMap { $0.encoded(version: version) }, at: location)
  }

  /// Sends CONNECT and reads the answer, whatever it says.
  @discardableResult
  func connect(_ packet: ConnectPacket, at location: SourceLocation = #_sourceLocation) throws -> ConnackPacket {
    try send(.connect(packet), at: location)
    return try requireConnack(at: location)
  }

  @discardableResult
  func requireConnack(at location: SourceLocation = #_sourceLocation) throws -> ConnackPacket {
    let packet = try read(at: location)
    guard case .connack(let connack) = packet else {
      throw HarnessError("expected CONNACK, came \(packet)", at: location)
    }
    self.connack = connack
    return connack
  }

  // MARK: Reading

  /// The next packet; throws where none comes in time, the connection ends or the bytes are no packet.
  func read(within patience: Duration = patience, at location: SourceLocation = #_sourceLocation) throws
    -> ControlPacket
  {
    guard let bytes = try readPacketBytes(within: patience, at: location) else {
      throw HarnessError("the connection ended where a packet was expected", at: location)
    }
    do throws(MQTTDecodeError) {
      return try ControlPacket(bytes: bytes, version: version)
    } catch {
      throw HarnessError("the server sent what is no packet: \(error.explanation) \(bytes)", at: location)
    }
  }

  /// The bytes of the next packet; nil where the connection ended between packets.
  func readPacketBytes(
    within patience: Duration = patience, at location: SourceLocation = #_sourceLocation
  ) throws -> [UInt8]? {
    let deadline = ContinuousClock.now + patience
    while true {
      if let length = try packetLength(at: location), unread.count >= length {
        defer { unread.removeFirst(length) }
        return Array(unread[..<length])
      }
      guard try receive(until: deadline, at: location) else {
        guard unread.isEmpty else {
          throw HarnessError("the connection ended inside a packet: \(unread)", at: location)
        }
        return nil
      }
    }
  }

  private func packetLength(at location: SourceLocation) throws -> Int? {
    do {
      return try unread.withUnsafeBytes {
        try PacketFraming.readHeader($0, maximumPacketSize: MQTTLimits.maximumPacketLength)?.packetLength
      }
    } catch {
      throw HarnessError("the server sent what is no packet: \(unread)", at: location)
    }
  }

  /// Takes what has come, waiting until something has; false at the end of the connection.
  private func receive(until deadline: ContinuousClock.Instant, at location: SourceLocation) throws -> Bool {
    var descriptors = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let left = (deadline - .now) / .milliseconds(1)
    let ready = poll(&descriptors, 1, CInt(max(0, left.rounded(.up))))
    if ready == 0 { throw HarnessError("nothing came in time", at: location) }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    // A reset is an end like any other.
    guard count > 0 else { return false }
    unread += buffer[..<count]
    return true
  }
}
