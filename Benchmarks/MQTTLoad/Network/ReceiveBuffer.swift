/// The memory that all sockets of a thread read into, one after the other.
struct ReceiveBuffer: ~Copyable {
  static let size = 256 * 1024

  let bytes: UnsafeMutableRawBufferPointer

  init() { bytes = .allocate(byteCount: Self.size, alignment: 64) }

  deinit { bytes.deallocate() }
}
