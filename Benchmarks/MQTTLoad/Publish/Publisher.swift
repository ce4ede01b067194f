/// A connection that publishes to one topic.
final class Publisher {
  let socket: LoadSocket
  private let group: TopicGroup
  private let maximumInFlight: Int
  private var template: MessageTemplate
  /// Publishes whose acknowledgement is missing; none at QoS 0.
  private var inFlight = 0

  /// `maximumInFlight` is `nil` at QoS 0.
  init(socket: LoadSocket, group: TopicGroup, template: MessageTemplate, maximumInFlight: Int?) {
    self.socket = socket
    self.group = group
    self.template = template
    self.maximumInFlight = maximumInFlight ?? 0
  }

  /// How many messages it may send now.
  var room: Int {
    if socket.isBlocked { return 0 }
    return maximumInFlight == 0 ? .max : maximumInFlight - inFlight
  }

  /// Whether every publish is acknowledged and with the kernel.
  var isDone: Bool { inFlight == 0 && !socket.isBlocked }

  /// Sends messages, at most `count` and what fits into `memory`, and returns how many.
  func publish(_ count: Int, through memory: UnsafeMutableRawBufferPointer) throws -> Int {
    let sent = min(count, memory.count / template.size)
    try socket.send(template.write(sent, to: memory))
    if maximumInFlight > 0 { inFlight += sent }
    return sent
  }

  func acknowledged(_ count: Int) { inFlight -= count }

  /// Whether its topic is to be looked at again.
  func queue(in ready: inout [TopicGroup]) { group.queue(in: &ready) }
}
