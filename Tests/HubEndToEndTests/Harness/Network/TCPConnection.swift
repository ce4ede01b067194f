import Glibc

/// A TCP connection to a port of this machine, with a deadline on everything. Closed with its owner.
final class TCPConnection: Sendable {
  private let descriptor: Int32

  /// - Parameter receiveBuffer: bytes that the kernel takes in before it tells the peer to wait; 0 is the usual.
  init(port: UInt16, receiveBuffer: Int32 = 0) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw HarnessError("no socket: \(String(cString: strerror(errno)))") }
    if receiveBuffer > 0 { set(SOL_SOCKET, SO_RCVBUF, receiveBuffer) }
    set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else { throw HarnessError("cannot connect to port \(port): \(String(cString: strerror(errno)))") }
  }

  /// Takes over a connection that was accepted.
  init(accepted descriptor: Int32) { self.descriptor = descriptor }

  deinit { Glibc.close(descriptor) }

  /// Whether the peer took every byte in time.
  @discardableResult
  func send(_ bytes: some Sequence<UInt8>, within time: Duration = .seconds(10)) -> Bool {
    let bytes = Array(bytes)
    let deadline = Deadline(time)
    var offset = 0
    while offset < bytes.count {
      guard isReady(POLLOUT, deadline) else { return false }
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset,
          Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
      if count < 0 && (errno == EAGAIN || errno == EINTR) { continue }
      guard count > 0 else { return false }
      offset += count
    }
    return true
  }

  /// What has come, at least one byte; empty when the peer has closed.
  func receive(upTo limit: Int = 65_536, before deadline: Deadline) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: limit)
    while true {
      guard isReady(POLLIN, deadline) else { throw HarnessError("nothing came in time") }
      let count = recv(descriptor, &buffer, limit, Int32(MSG_DONTWAIT))
      if count < 0 && (errno == EAGAIN || errno == EINTR) { continue }
      // A reset is an end too.
      return Array(buffer.prefix(max(0, count)))
    }
  }

  /// Everything until the peer closes.
  func receiveToEnd(within time: Duration = .seconds(10)) throws -> [UInt8] {
    let deadline = Deadline(time)
    var all: [UInt8] = []
    while true {
      let some = try receive(before: deadline)
      if some.isEmpty { return all }
      all += some
    }
  }

  /// No more will be sent.
  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  private func isReady(_ event: Int32, _ deadline: Deadline) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    while true {
      let count = poll(&entry, 1, deadline.remaining)
      if count < 0 && errno == EINTR { continue }
      return count > 0
    }
  }

  private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
    var value = value
    setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }
}
