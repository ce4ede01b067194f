import Glibc

/// Where the server listens: an IPv4 address and a port.
struct ServerAddress: Sendable {
  let text: String
  private let host: in_addr
  private let port: UInt16

  init(host: String, port: UInt16) throws {
    var address = in_addr()
    guard inet_pton(AF_INET, host, &address) == 1 else { throw LoadFailure("\(host) is not an IPv4 address") }
    self.host = address
    self.port = port
    text = "\(host):\(port)"
  }

  /// Begins to connect `descriptor`, which does not block; whether it worked shows in the first write or read.
  func connect(_ descriptor: CInt) throws {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr = host
    let status = withUnsafeBytes(of: &address) { bytes in
      Glibc.connect(
        descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
    guard status == 0 || errno == EINPROGRESS else { throw LoadFailure(call: "cannot connect to \(text)") }
  }
}
