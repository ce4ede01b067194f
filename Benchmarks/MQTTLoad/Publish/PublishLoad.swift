/// Publishers and subscribers on one thread: connects them, keeps them busy, counts.
struct PublishLoad: ~Copyable {
  private let settings: PublishSettings
  private let poller: Poller
  private let buffer = ReceiveBuffer()
  private let memory = ReceiveBuffer()
  private var publishers: [Publisher] = []
  private var subscribers: [Subscriber] = []
  private var groups: [TopicGroup] = []
  private var ready: [TopicGroup] = []
  private var scan = PacketScan()
  private var answers = 0
  private var counts = PublishCounts()
  private var isPublishing = false

  init(_ settings: PublishSettings) throws {
    self.settings = settings
    poller = try Poller()
  }

  /// Makes the whole measurement.
  mutating func run() throws -> PublishReport {
    try connect()
    if settings.subscribers == 0 { return try publishOnly() }
    return try deliver()
  }

  /// Connections that are being made at a time: fewer than a server's backlog.
  private static let connectsAtOnce = 64
  /// Nanoseconds without any progress after which the measurement fails.
  private static let patience: Int64 = 30 * Figures.nanosecondsPerSecond

  private mutating func connect() throws {
    let connections = settings.publishers + settings.subscribers
    for index in 0..<settings.topics {
      // Those that take the topics in turn: one more for the first of them.
      let share = (settings.subscribers + settings.topics - 1 - index) / settings.topics
      groups.append(TopicGroup(window: settings.window, subscribers: share))
    }
    for index in 0..<connections {
      let socket = try LoadSocket(to: settings.address)
      try socket.watch(with: poller, token: index)
      try socket.send(
        RequestPackets.connect(clientIdentifier: settings.clientIdentifier(index), keepAlive: 0))
      add(socket, index)
      let isLast = index + 1 == connections
      try awaitAnswers(index + 1 - (isLast ? 0 : Self.connectsAtOnce))
    }
    for (index, subscriber) in subscribers.enumerated() {
      try subscriber.socket.send(RequestPackets.subscribe(settings.topic(index % settings.topics), qos: settings.qos))
    }
    try awaitAnswers(connections + settings.subscribers)
  }

  private mutating func add(_ socket: LoadSocket, _ index: Int) {
    if index >= settings.publishers {
      let number = index - settings.publishers
      return subscribers.append(Subscriber(socket: socket, group: groups[number % settings.topics]))
    }
    let group = groups[index % settings.topics]
    let publisher = Publisher(
      socket: socket, group: group,
      template: MessageTemplate(
        topic: settings.topic(index % settings.topics), qos: settings.qos, time: settings.startTime),
      maximumInFlight: settings.qos > 0 ? settings.inFlight : nil)
    group.add(publisher)
    publishers.append(publisher)
  }

  private mutating func awaitAnswers(_ count: Int) throws {
    let deadline = LoadClock.now() + Self.patience
    while answers < count {
      try turn(until: deadline)
      if LoadClock.now() > deadline { throw LoadFailure("the server answered \(answers) of \(count) requests") }
    }
  }

  /// As fast as the server takes it, to nobody; the time ends with its last answer.
  private mutating func publishOnly() throws -> PublishReport {
    let start = begin()
    try keepPublishing(until: start.time + settings.duration)
    isPublishing = false
    let wanted = answers + publishers.count
    for publisher in publishers { try publisher.socket.send(RequestPackets.ping) }
    // What stands before the ping is taken when the ping is answered.
    try awaitAnswers(wanted)
    try drain()
    guard isDrained else { throw LoadFailure("\(counts.completed) of \(counts.published) publishes were acknowledged") }
    let end = counts.at(LoadClock.now())
    return PublishReport(from: start, to: end, messages: end.published, lost: 0)
  }

  /// To subscribers; what is delivered between the end of the warm-up and the end counts.
  private mutating func deliver() throws -> PublishReport {
    let start = begin()
    try keepPublishing(until: start.time + settings.warmUp)
    let warm = counts.at(LoadClock.now())
    try keepPublishing(until: warm.time + settings.duration)
    let end = counts.at(LoadClock.now())
    isPublishing = false
    try drain()
    return PublishReport(
      from: warm, to: end, messages: end.delivered - warm.delivered,
      lost: counts.published * subscribersPerTopic - counts.delivered)
  }

  private mutating func begin() -> PublishCounts {
    isPublishing = true
    for group in groups { group.queue(in: &ready) }
    return counts.at(LoadClock.now())
  }

  private mutating func keepPublishing(until deadline: Int64) throws {
    var last = counts
    var lastTime = LoadClock.now()
    while true {
      let now = LoadClock.now()
      if now >= deadline { return }
      if counts.published != last.published || counts.delivered != last.delivered {
        last = counts
        lastTime = now
      } else if now - lastTime > Self.patience {
        throw LoadFailure("\(counts.delivered) messages of \(counts.published) were delivered, then nothing came")
      }
      try turn(until: deadline)
    }
  }

  /// Waits for what is under way, as long as something still comes.
  private mutating func drain() throws {
    var last = (counts.completed, counts.delivered)
    var lastTime = LoadClock.now()
    while !isDrained {
      let now = LoadClock.now()
      try turn(until: now + 100_000_000)
      if (counts.completed, counts.delivered) != last {
        last = (counts.completed, counts.delivered)
        lastTime = now
      } else if now - lastTime > 2 * Figures.nanosecondsPerSecond {
        return
      }
    }
  }

  private var isDrained: Bool {
    counts.delivered >= counts.published * subscribersPerTopic && publishers.allSatisfy { $0.isDone }
  }

  private var subscribersPerTopic: Int { settings.subscribers / settings.topics }

  /// Takes what came in and sends what may go out; waits for it at most until `deadline`.
  private mutating func turn(until deadline: Int64) throws {
    let left = max(0, deadline - LoadClock.now() + 999_999) / 1_000_000
    let count = try poller.wait(milliseconds: ready.isEmpty ? Int(min(left, 1000)) : 0)
    for index in 0..<count { try take(poller[index]) }
    guard isPublishing else { return }
    // Those that can go on at once queue themselves again, for the next turn.
    let due = ready
    ready.removeAll(keepingCapacity: true)
    for group in due { counts.published += try group.publish(through: memory.bytes, ready: &ready) }
  }

  private mutating func take(_ event: (token: Int, isReadable: Bool, isWritable: Bool)) throws {
    let isPublisher = event.token < settings.publishers
    let socket =
      isPublisher ? publishers[event.token].socket : subscribers[event.token - settings.publishers].socket
    scan.clear()
    if event.isWritable { try socket.flush() }
    if event.isReadable {
      try socket.receive(through: buffer, into: &scan)
      if socket.isEnded {
        throw LoadFailure("the server closed the connection of \(settings.clientIdentifier(event.token))")
      }
      answers += scan.answers
      counts.completed += scan.completed
      counts.delivered += scan.messages
    }
    if isPublisher {
      publishers[event.token].acknowledged(scan.completed)
      publishers[event.token].queue(in: &ready)
    } else if event.isReadable {
      subscribers[event.token - settings.publishers].received(scan.messages, ready: &ready)
    }
  }
}
