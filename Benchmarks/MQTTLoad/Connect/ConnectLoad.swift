/// Makes connections one after the other, several at a time, as fast as the server accepts them.
struct ConnectLoad: ~Copyable {
  private let settings: ConnectSettings
  private let poller: Poller
  private let buffer = ReceiveBuffer()
  /// By their number; `nil` before the beginning and after the end.
  private var sockets: [LoadSocket?]
  private var started = 0
  private var accepted = 0
  private var finished = 0

  init(_ settings: ConnectSettings) throws {
    self.settings = settings
    poller = try Poller()
    sockets = Array(repeating: nil, count: settings.connections)
  }

  /// Nanoseconds without any progress after which the measurement fails.
  private static let patience: Int64 = 10 * Figures.nanosecondsPerSecond

  /// Makes them all and returns the nanoseconds from the first to the last CONNACK, or to the last end.
  mutating func run() throws -> Int64 {
    let start = LoadClock.now()
    var lastFinished = (count: 0, time: start)
    while finished < settings.connections {
      while started < settings.connections, started - finished < settings.atOnce { try startNext() }
      let count = try poller.wait(milliseconds: 1000)
      for index in 0..<count { try take(poller[index]) }
      let now = LoadClock.now()
      if finished > lastFinished.count {
        lastFinished = (finished, now)
      } else if now - lastFinished.time > Self.patience {
        throw LoadFailure("\(accepted) of \(settings.connections) connections were accepted, \(finished) are finished")
      }
    }
    return LoadClock.now() - start
  }

  private mutating func startNext() throws {
    let socket = try LoadSocket(to: settings.address)
    try socket.watch(with: poller, token: started)
    try socket.send(RequestPackets.connect(clientIdentifier: "load-\(started + 1)", keepAlive: 60))
    sockets[started] = socket
    started += 1
  }

  private mutating func take(_ event: (token: Int, isReadable: Bool, isWritable: Bool)) throws {
    guard let socket = sockets[event.token] else { return }
    if event.isWritable { try socket.flush() }
    guard event.isReadable else { return }
    var scan = PacketScan()
    try socket.receive(through: buffer, into: &scan)
    if scan.answers > 0 {
      accepted += 1
      if settings.areHeld { finished += 1 } else { try socket.send(RequestPackets.disconnect) }
    }
    guard socket.isEnded else { return }
    guard !settings.areHeld, accepted > 0 else { throw LoadFailure("the server closed connection \(event.token + 1)") }
    // The server closes first, so the ports of this side are free again at once.
    sockets[event.token] = nil
    finished += 1
  }
}
