/// The QoS 1 messages in flight on one connection, by packet identifier, each with the time that its latency counts
/// from.
///
/// Identifiers run from 1 to the window's size and start again (MQTT 5.0 §2.2.1 lets one be used again once it is
/// acknowledged), so an identifier is also the place in the table.
struct AcknowledgementWindow: ~Copyable {
  /// 0 marks a free identifier.
  private let times: UnsafeMutablePointer<Int64>
  private let capacity: Int
  private(set) var size: Int
  private(set) var inFlight = 0
  /// The identifier that the next message gets.
  private(set) var nextIdentifier: UInt16 = 1

  /// - Parameter size: 1 to 65,535 messages; 0 for a connection that sends at QoS 0.
  init(size: Int) {
    precondition((0...Int(UInt16.max)).contains(size), "BUG: a window of \(size)")
    self.size = size
    capacity = size
    times = .allocate(capacity: size)
    times.initialize(repeating: 0, count: size)
  }

  deinit { times.deallocate() }

  /// The last identifier before 1 comes again.
  var lastIdentifier: UInt16 { UInt16(truncatingIfNeeded: size) }

  /// How many messages may leave now.
  var free: Int { size - inFlight }

  /// Makes the window smaller, as the server's Receive Maximum demands (MQTT 5.0 §3.2.2.3.3). Only before any message.
  mutating func shrink(to limit: Int) {
    precondition(inFlight == 0 && nextIdentifier == 1, "BUG: a window that shrinks under way")
    size = min(size, max(1, limit))
  }

  /// Takes the next identifier for a message whose latency counts from `time`.
  ///
  /// Returns whether the identifier was free. A server acknowledges in order [MQTT-4.6.0-2], so it is while the window
  /// is not full; where one does not, the slow identifier holds up the next round.
  @inline(__always)
  mutating func send(at time: Int64) -> Bool {
    let place = Int(nextIdentifier) &- 1
    guard place < capacity, times[place] == 0 else { return false }
    times[place] = time
    inFlight &+= 1
    nextIdentifier = Int(nextIdentifier) == size ? 1 : nextIdentifier &+ 1
    return true
  }

  /// The time that the message with `identifier` counts from; `nil` where no such message is in flight.
  @inline(__always)
  mutating func acknowledge(_ identifier: UInt16) -> Int64? {
    let place = Int(identifier) &- 1
    guard place >= 0, place < size, times[place] != 0 else { return nil }
    let time = times[place]
    times[place] = 0
    inFlight &-= 1
    return time
  }
}
