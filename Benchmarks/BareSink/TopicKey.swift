/// What stands for a topic's bytes: a hash is enough for the few topics of a benchmark (FNV-1a).
struct TopicKey: Hashable {
  private let hash: UInt64

  init(_ bytes: Slice<UnsafeRawBufferPointer>) {
    hash = bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
