import Glibc
import Testing

/// Looks again and again until something holds that no event announces; records an issue when the time is over first.
@discardableResult
func eventually(
  _ what: String, within time: Duration = .seconds(10), sourceLocation: SourceLocation = #_sourceLocation,
  _ condition: () throws -> Bool
) rethrows -> Bool {
  let deadline = Deadline(time)
  while true {
    if try condition() { return true }
    if deadline.hasPassed { break }
    usleep(20_000)
  }
  Issue.record("not within \(time): \(what)", sourceLocation: sourceLocation)
  return false
}
