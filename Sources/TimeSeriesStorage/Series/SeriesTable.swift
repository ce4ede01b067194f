/// The series of a shard by number, in memory that the append loop reaches without bounds or uniqueness checks.
@safe
struct SeriesTable: ~Copyable {
  private(set) var base: UnsafeMutablePointer<Series>
  private(set) var count = 0
  private var capacity = 16

  init() {
    base = .allocate(capacity: capacity)
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  /// Adds a series; its number is the count before.
  mutating func append(_ series: Series) {
    if count == capacity {
      let larger = UnsafeMutablePointer<Series>.allocate(capacity: capacity * 2)
      larger.moveInitialize(from: base, count: count)
      base.deallocate()
      base = larger
      capacity *= 2
    }
    (base + count).initialize(to: series)
    count += 1
  }

  subscript(number: Int) -> Series {
    unsafeAddress {
      precondition(number >= 0 && number < count, "BUG: a series number that was not handed out")
      return UnsafePointer(base + number)
    }
    unsafeMutableAddress {
      precondition(number >= 0 && number < count, "BUG: a series number that was not handed out")
      return base + number
    }
  }

  /// Bytes of the table's memory.
  var byteSize: Int { capacity * MemoryLayout<Series>.stride }
}
