/// The lengths of time that readings are summed up by.
package enum RollupLevel: UInt8, CaseIterable, Sendable {
  case minute = 1
  case hour = 2

  /// Milliseconds.
  package var length: Int64 { self == .minute ? 60_000 : 3_600_000 }

  /// The start of the bucket that a time is in: a multiple of the length, but for the first bucket of all time.
  package func start(of time: Int64) -> Int64 {
    let rest = time % length
    let (start, overflow) = (time - max(rest, 0)).subtractingReportingOverflow(rest < 0 ? rest + length : 0)
    return overflow ? .min : start
  }

  /// The first time behind the bucket that a time is in, or the end of time.
  package func end(of time: Int64) -> Int64 {
    let rest = time % length
    let (end, overflow) = time.addingReportingOverflow(rest < 0 ? -rest : length - rest)
    return overflow ? .max : end
  }
}
