/// Which event loop accepts the next connections: the first that has room, not each in turn.
///
/// A loop that serves several connections handles several a wake-up, and a message between two connections of one loop
/// needs no hand-over to another thread: it costs less CPU and arrives sooner (docs/decisions). So loops fill up in
/// order; the next one is taken into use when the others are busy or full.
enum ConnectionPlacement {
  /// A loop with more connections is filled no further while another has room.
  static let connectionsPerLoop = 2_048
  /// A loop that worked for more than this part of the last second is filled no further.
  static let busyShare = 0.5

  /// The index of the loop that is to accept.
  static func place(_ loads: [EventLoopLoad]) -> Int {
    let withRoom = loads.firstIndex { $0.connections < connectionsPerLoop && $0.busyShare < busyShare }
    if let withRoom { return withRoom }
    // All are busy or full: the one with the fewest connections shares best.
    return loads.indices.min { loads[$0].connections < loads[$1].connections } ?? 0
  }
}

/// How much an event loop has to do.
struct EventLoopLoad: Sendable, Equatable {
  var connections: Int
  /// The part of the last second in which the loop worked, 0 to 1.
  var busyShare: Double
}
