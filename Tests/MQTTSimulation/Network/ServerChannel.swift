import MQTTBroker
import MQTTProtocol
import MQTTTestSupport

/// The server's end of a link: frames packets, hands them to the shard and gathers its output, as the server's channel
/// handler does, and shows the model both.
final class ServerChannel {
  private enum Reading {
    case active
    /// CONNACK waits for another event loop; packets stay in the buffer.
    case paused
    case ended
  }

  let link: SimulatedLink
  let model: ModelConnection
  private unowned let world: SimulatedWorld
  private let shard: BrokerShard
  private(set) var connection: ClientConnection?
  private var reading = Reading.active
  private var unread: [UInt8] = []
  private var countedUnread = 0
  private var unsent: [UInt8] = []
  private var countedUnsent = 0
  private(set) var isWritable = true
  private var isFlushing = false
  private var isDiscarding = false
  private var sabotage: Saboteur

  init(link: SimulatedLink, model: ModelConnection, world: SimulatedWorld) {
    self.link = link
    self.model = model
    self.world = world
    shard = world.shards[link.shard]
    sabotage = Saboteur(world.sabotage)
  }

  func opened() { connection = shard.opened(output: self, at: world.time) }

  var unsentCount: Int { unsent.count }

  /// Whether bytes that arrive are taken at once.
  var takesInput: Bool { reading != .paused && (isWritable || reading == .ended) }

  // MARK: Inbound

  /// One read of the socket.
  func received(_ bytes: [UInt8]) {
    guard reading != .ended else { return }
    shard.bytesMoved(received: bytes.count)
    unread += bytes
    process()
    shard.endedRead(at: world.time)
  }

  private func process() {
    guard let connection else { return }
    var offset = 0
    while reading == .active {
      do throws(MQTTDecodeError) {
        guard let length = try handleNext(at: offset, on: connection) else { break }
        offset += length
      } catch {
        world.model.serverCannotRead(error, on: model)
        shard.received(error, on: connection, at: world.time)
        offset = unread.count
      }
    }
    unread.removeFirst(min(offset, unread.count))
    if reading == .ended { unread = [] }
    countUnread()
    connection.partialPacketSince = unread.isEmpty ? nil : world.now
  }

  /// Hands over the packet that begins at `offset`; nil where a part of it is missing.
  private func handleNext(at offset: Int, on connection: ClientConnection) throws(MQTTDecodeError) -> Int? {
    // The unread bytes may change while the shard acts on the packet.
    let bytes = unread
    return try bytes.withUnsafeBytes { all in
      Result { () throws(MQTTDecodeError) -> Int? in
        try handOver(UnsafeRawBufferPointer(rebasing: all[offset...]), on: connection)
      }
    }.get()
  }

  private func handOver(
    _ rest: UnsafeRawBufferPointer, on connection: ClientConnection
  ) throws(MQTTDecodeError) -> Int? {
    guard let header = try PacketFraming.readHeader(rest, maximumPacketSize: shard.broker.limits.maximumPacketSize),
      rest.count >= header.packetLength
    else { return nil }
    let body = UnsafeRawBufferPointer(rebasing: rest[header.length..<header.packetLength])
    let packet = try ControlPacket.decode(header, body: body, version: connection.version)
    world.trace { "  shard \(link.shard) <- link \(link.id) \(packet.summary)" }
    world.model.serverReceived(packet, on: model)
    if header.type == .publish {
      world.sinks[link.shard].readBringsReadings = true
      shard.received(
        try PublishView.decode(header, body: body, version: connection.version), on: connection, at: world.time)
    } else {
      shard.received(packet, on: connection, at: world.time)
    }
    return header.packetLength
  }

  /// The hub is no more, and what it had to send with it.
  func die() {
    reading = .ended
    connection = nil
    unread = []
    unsent = []
  }

  /// The network connection has ended.
  func inactive() {
    reading = .ended
    if let connection {
      world.model.connectionLost(model)
      shard.closed(connection, at: world.time)
    }
    connection = nil
    unread = []
    unsent = []
    countUnread()
    countUnsent()
  }

  private func countUnread() {
    shard.broker.memory.inputChanged(by: unread.count - countedUnread)
    countedUnread = unread.count
  }

  private func countUnsent() {
    shard.broker.memory.outputChanged(by: unsent.count - countedUnsent)
    countedUnsent = unsent.count
  }

  /// The socket took what it had.
  func drained() {
    isWritable = true
    model.fullSince = nil
    // Reading was withheld, so silence was no fault of the client's.
    model.lastHeard = world.now
    flush()
    if isWritable, let connection, reading != .ended { shard.outputDrained(connection, at: world.time) }
  }
}

extension ServerChannel: WireOutput {
  var pendingBytes: Int { unsent.count }

  var isFull: Bool { !isWritable }

  func write(_ packet: ControlPacket, version: ProtocolVersion) { append(packet, version: version) }

  func wrote(_ bytes: [UInt8], version: ProtocolVersion) {
    do throws(MQTTDecodeError) {
      append(try ControlPacket(bytes: bytes, version: version), version: version)
    } catch {
      world.model.fail("1.2 Malformed Packet", expected: "a packet", got: "bytes that are none: \(bytes)")
    }
  }

  private func append(_ packet: ControlPacket, version: ProtocolVersion) {
    for packet in sabotage.tamper(with: packet) {
      let bytes = packet.encoded(version: version)
      world.trace { "  shard \(link.shard) -> link \(link.id) \(packet.summary)" }
      world.model.serverWrote(packet, size: bytes.count, on: model)
      // The shard has sent it, wherever it goes.
      if !isDiscarding { unsent += bytes }
    }
  }

  func flush() {
    guard !isFlushing, !link.isServerGone else { return }
    isFlushing = true
    while isWritable, !unsent.isEmpty {
      let piece = unsent.prefix(world.profile.socketPiece)
      shard.bytesMoved(sent: piece.count)
      world.serverSends(piece, over: link)
      unsent.removeFirst(piece.count)
      if link.down.count >= world.profile.socketWindow {
        isWritable = false
        model.fullSince = model.fullSince ?? world.now
      }
    }
    isFlushing = false
    countUnsent()
    if !isWritable { world.planDrain(of: link) }
  }

  func discard() {
    isDiscarding = true
    unsent = []
    countUnsent()
  }

  func pauseReading() { reading = .paused }

  func resumeReading() {
    guard reading == .paused else { return }
    reading = .active
    process()
    shard.endedRead(at: world.time)
    world.planArrivalAtServer(link)
  }

  func close() {
    guard reading != .ended else { return }
    reading = .ended
    world.model.serverClosed(model)
    unread = []
    countUnread()
    connection = nil
    flush()
    // What a full socket does not take is lost with it.
    unsent = []
    countUnsent()
    world.serverCloses(link)
  }
}
