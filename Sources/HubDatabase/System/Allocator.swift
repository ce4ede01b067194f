import CSQLite

/// The allocator of the C library (malloc.h of glibc).
package enum Allocator {
  /// Has all threads share one heap. Each would else have one of its own, with what is free in it lost to the others, and
  /// grown page by page. To be called before there is a second thread.
  package static func shareOneHeap() { mallopt(M_ARENA_MAX, 1) }

  /// Gives what is free back to the system.
  static func release() { malloc_trim(0) }
}
