import Glibc

/// One connection that never blocks: it keeps what the kernel did not take yet, and the packet that came in torn.
final class LoadSocket {
  private let descriptor: CInt
  private var unsent: [UInt8] = []
  private var unsentStart = 0
  private var torn: [UInt8] = []
  /// Whether the other side is done; nothing more comes.
  private(set) var isEnded = false

  /// Begins to connect.
  init(to address: ServerAddress) throws {
    descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw LoadFailure(call: "socket") }
    var on: CInt = 1
    setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
    // Left alone the kernel takes megabytes a connection, minutes of work for a slow server.
    var room: CInt = 256 * 1024
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &room, socklen_t(MemoryLayout<CInt>.size))
    do { try address.connect(descriptor) } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// Whether bytes wait for the kernel to take them.
  var isBlocked: Bool { unsentStart < unsent.count }

  func watch(with poller: borrowing Poller, token: Int) throws { try poller.add(descriptor, token: token) }

  /// Sends, or keeps what the kernel does not take now until `flush`.
  func send(_ bytes: UnsafeRawBufferPointer) throws {
    let taken = isBlocked ? 0 : try write(bytes)
    if taken < bytes.count { unsent.append(contentsOf: bytes[taken...]) }
  }

  func send(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try send($0) } }

  /// Sends what was kept, as far as the kernel takes it.
  func flush() throws {
    guard isBlocked else { return }
    unsentStart += try unsent.withUnsafeBytes { try write(UnsafeRawBufferPointer(rebasing: $0[unsentStart...])) }
    guard !isBlocked else { return }
    unsent.removeAll(keepingCapacity: true)
    unsentStart = 0
  }

  /// Reads all there is, passes it through `scan` and sends the answers that it wrote.
  func receive(through buffer: borrowing ReceiveBuffer, into scan: inout PacketScan) throws {
    let memory = buffer.bytes
    var filled = torn.count
    if filled > 0 { torn.withUnsafeBytes { memory.copyMemory(from: $0) } }
    while !isEnded {
      let space = memory.count - filled
      guard space > 0 else { throw LoadFailure("the server sent a packet of more than \(memory.count) bytes") }
      let count = recv(descriptor, memory.baseAddress?.advanced(by: filled), space, 0)
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN || errno == ENOTCONN { break }
        if errno != ECONNRESET { throw LoadFailure(call: "cannot receive") }
      }
      isEnded = count <= 0
      filled += max(0, count)
      let used = try scan.run(UnsafeRawBufferPointer(rebasing: memory[..<filled]))
      filled -= used
      if used > 0, filled > 0 {
        memory.baseAddress.map { _ = memmove($0, $0 + used, filled) }
      }
      if count < space { break }
    }
    torn.removeAll(keepingCapacity: true)
    torn.append(contentsOf: memory[..<filled])
    if !isEnded { try scan.sendReplies { try send($0) } }
  }

  /// Bytes that the kernel took; none where it has no room or the connection is not established yet.
  private func write(_ bytes: UnsafeRawBufferPointer) throws -> Int {
    var written = 0
    while written < bytes.count {
      let count = Glibc.send(
        descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written, CInt(MSG_NOSIGNAL))
      if count > 0 {
        written += count
      } else if errno == EAGAIN || errno == ENOTCONN {
        break
      } else if errno != EINTR {
        throw LoadFailure(call: "cannot send")
      }
    }
    return written
  }
}
