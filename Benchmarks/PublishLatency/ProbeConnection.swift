import Glibc
import MQTTProtocol

/// One blocking MQTT connection on a socket of its own.
final class ProbeConnection {
  static let version = ProtocolVersion.v3_1_1

  let descriptor: CInt
  private var received: [UInt8] = []

  /// Connects and waits for a CONNACK that says yes.
  init(host: String, port: UInt16, clientIdentifier: String) throws {
    descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw ProbeFailure(call: "socket") }
    var on: CInt = 1
    setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
    // A server that does not answer ends the measurement instead of holding it.
    var limit = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
      throw ProbeFailure("\(host) is not an IPv4 address")
    }
    let status = withUnsafeBytes(of: &address) { bytes in
      Glibc.connect(
        descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
    guard status == 0 else { throw ProbeFailure(call: "cannot connect to \(host):\(port)") }
    try send(.connect(ConnectPacket(version: Self.version, clientIdentifier: clientIdentifier)))
    guard case .connack(let answer) = try nextPacket(), answer.reasonCode == .success else {
      throw ProbeFailure("the server refused the connection of \(clientIdentifier)")
    }
  }

  deinit { close(descriptor) }

  func send(_ packet: ControlPacket) throws { try send(packet.encoded(version: Self.version)) }

  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw ProbeFailure(call: "cannot send") }
      rest = rest.dropFirst(count)
    }
  }

  /// Reads what is there, waiting for something where there is nothing.
  func receive() throws {
    try withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer in
      let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      if count < 0, errno == EINTR { return }
      if count < 0 { throw ProbeFailure(call: "no answer from the server") }
      if count == 0 { throw ProbeFailure("the server closed the connection") }
      received.append(contentsOf: buffer[..<count])
    }
  }

  /// Waits until there is something to receive, or the time has come. Returns whether there is something.
  func isReadable(until deadline: Int64) throws -> Bool {
    guard descriptor < FD_SETSIZE else { throw ProbeFailure("\(descriptor) files are open, too many for pselect") }
    while true {
      // poll(2) counts milliseconds, which are too long; ppoll(2) is no part of the Glibc module.
      var descriptors = fd_set()
      withUnsafeMutableBytes(of: &descriptors) { $0[Int(descriptor) / 8] |= 1 << (UInt8(descriptor % 8)) }
      let left = max(0, deadline - ProbeClock.now())
      var limit = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
      let count = pselect(descriptor + 1, &descriptors, nil, nil, &limit, nil)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw ProbeFailure(call: "pselect") }
      return count > 0
    }
  }

  /// Takes what is there and drops it, without waiting.
  func discardReceived() throws {
    received.removeAll(keepingCapacity: true)
    try withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer in
      if recv(descriptor, buffer.baseAddress, buffer.count, CInt(MSG_DONTWAIT)) == 0 {
        throw ProbeFailure("the server closed the connection")
      }
    }
  }

  /// The next whole packet of what was received, `nil` where there is none.
  func takePacket() throws -> ControlPacket? {
    let (packet, length) = try received.withUnsafeBytes { bytes -> (ControlPacket?, Int) in
      guard let header = try PacketFraming.readHeader(bytes, maximumPacketSize: 1 << 20),
        bytes.count >= header.packetLength
      else { return (nil, 0) }
      let body = UnsafeRawBufferPointer(rebasing: bytes[header.length..<header.packetLength])
      return (try ControlPacket.decode(header, body: body, version: Self.version), header.packetLength)
    }
    received.removeFirst(length)
    return packet
  }

  /// The next packet, waited for.
  func nextPacket() throws -> ControlPacket {
    while true {
      if let packet = try takePacket() { return packet }
      try receive()
    }
  }
}
