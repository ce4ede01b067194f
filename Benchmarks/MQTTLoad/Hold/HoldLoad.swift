/// Holds connections for a time, with a few messages to one subscriber, and misses nothing.
struct HoldLoad: ~Copyable {
  private let settings: HoldSettings
  private let poller: Poller
  private let buffer = ReceiveBuffer()
  private let memory = ReceiveBuffer()
  private var sockets: [LoadSocket] = []
  private var scan = PacketScan()
  private var answers = 0
  private var counts = HoldCounts()

  init(_ settings: HoldSettings) throws {
    self.settings = settings
    poller = try Poller()
  }

  private static let connectsAtOnce = 64
  /// Nanoseconds that the server may take to answer what it was asked.
  private static let patience: Int64 = 10 * Figures.nanosecondsPerSecond

  /// Holds them to the end; throws as soon as a connection is closed.
  mutating func run() throws -> HoldCounts {
    try connect()
    StandardError.say("holding \(settings.connections) connections")
    let start = LoadClock.now()
    for second in 0..<settings.duration {
      let end = start + Int64(second + 1) * Figures.nanosecondsPerSecond
      try ping(second)
      try publish(until: end)
      if (second + 1) % settings.reportInterval == 0 { StandardError.say("after \(second + 1) s: \(counts.json)") }
    }
    let deadline = LoadClock.now() + Self.patience
    while counts.complaint(qos: settings.qos) != nil, LoadClock.now() < deadline { try turn(until: deadline) }
    return counts
  }

  private mutating func connect() throws {
    let count = settings.connections + 1
    for index in 0..<count {
      let socket = try LoadSocket(to: settings.address)
      try socket.watch(with: poller, token: index)
      try socket.send(
        RequestPackets.connect(
          clientIdentifier: settings.clientIdentifier(index), keepAlive: HoldSettings.keepAlive))
      sockets.append(socket)
      try awaitAnswers(index + 1 == count ? count : index + 1 - Self.connectsAtOnce)
    }
    try sockets[settings.connections].send(RequestPackets.subscribe(HoldSettings.filter, qos: settings.qos))
    try awaitAnswers(count + 1)
    answers = 0
  }

  private mutating func awaitAnswers(_ count: Int) throws {
    let deadline = LoadClock.now() + Self.patience
    while answers < count {
      try turn(until: deadline)
      if LoadClock.now() > deadline { throw LoadFailure("the server answered \(answers) of \(count) requests") }
    }
  }

  /// Pings those whose turn it is: everyone every half keep-alive.
  private mutating func ping(_ second: Int) throws {
    let period = Int(HoldSettings.keepAlive / 2)
    for index in stride(from: second % period, to: sockets.count, by: period) {
      try sockets[index].send(RequestPackets.ping)
      counts.pings += 1
    }
  }

  /// A second's messages, evenly spread over the time that is left until `end`.
  private mutating func publish(until end: Int64) throws {
    let start = end - Figures.nanosecondsPerSecond
    for message in 0..<settings.rate {
      try turnUntil(start + Int64(message) * Figures.nanosecondsPerSecond / Int64(settings.rate))
      let index = counts.published % settings.connections
      var template = MessageTemplate(
        topic: "bench/\(index)/reading", qos: settings.qos, time: LoadClock.wallMilliseconds())
      try sockets[index].send(template.write(1, to: memory.bytes))
      counts.published += 1
    }
    try turnUntil(end)
  }

  private mutating func turnUntil(_ deadline: Int64) throws {
    while LoadClock.now() < deadline { try turn(until: deadline) }
  }

  private mutating func turn(until deadline: Int64) throws {
    let left = max(0, deadline - LoadClock.now() + 999_999) / 1_000_000
    let count = try poller.wait(milliseconds: Int(min(left, 1000)))
    for index in 0..<count {
      let event = poller[index]
      let socket = sockets[event.token]
      if event.isWritable { try socket.flush() }
      guard event.isReadable else { continue }
      scan.clear()
      try socket.receive(through: buffer, into: &scan)
      if socket.isEnded {
        throw LoadFailure("the server closed the connection of \(settings.clientIdentifier(event.token))")
      }
      answers += scan.answers
      counts.pongs = answers
      counts.acknowledged += scan.completed
      counts.delivered += scan.messages
    }
  }
}
