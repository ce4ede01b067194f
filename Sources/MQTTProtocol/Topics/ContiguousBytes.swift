/// Lends a collection's bytes as one buffer, copying them only where they do not lie together.
enum ContiguousBytes {
  static func with<Result>(_ bytes: some Collection<UInt8>, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    bytes.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) }
      ?? Array(bytes).withUnsafeBytes { body($0) }
  }
}
