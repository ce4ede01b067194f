/// How ids name a shard and a place in it: the low bits are the shard, the rest the number within.
enum ShardNumbering {
  static let bits = 4
  static let count = 1 << bits
  /// Numbers within a shard are below this.
  static let maximumNumber = 1 << (32 - bits)

  static func id(shard: Int, number: Int) -> UInt32 { UInt32(number << bits | shard) }
  static func shard(of id: UInt32) -> Int { Int(id) & (count - 1) }
  static func number(of id: UInt32) -> Int { Int(id) >> bits }

  /// The shard of a device, by its name (FNV-1a).
  static func shard(ofDeviceNamed name: UnsafeRawBufferPointer) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int((hash >> 32 ^ hash) & UInt64(count - 1))
  }
}
