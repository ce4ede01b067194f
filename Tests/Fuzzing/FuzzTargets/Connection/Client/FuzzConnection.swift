import MQTTBroker
import MQTTProtocol
import MQTTTestSupport

/// One network connection on the hub's side: frames packets, hands them to the shard, gathers its output; what the
/// channel handler does, with a socket that is full when the input says so.
final class FuzzConnection {
  private enum Reading {
    case active
    case paused
    case ended
  }

  let place: Int
  let shard: BrokerShard
  private let clock: FuzzClock
  private let journal: FuzzJournal
  private(set) var connection: ClientConnection?
  /// By CONNECT, or as the hub chose it where that said none.
  private(set) var clientIdentifier = ""
  private var reading = Reading.active
  /// What the network holds for the hub while it does not read.
  private var inbox: [UInt8] = []
  /// The beginning of a packet whose rest has not come.
  private var unread: [UInt8] = []
  private(set) var unsent = 0
  private var countedUnsent = 0
  /// Whether the socket takes no output.
  private(set) var isFull = false
  private var isDiscarding = false

  init(place: Int, shard: BrokerShard, clock: FuzzClock, journal: FuzzJournal) {
    self.place = place
    self.shard = shard
    self.clock = clock
    self.journal = journal
  }

  var isOpen: Bool { reading != .ended }

  func open() { connection = shard.opened(output: self, at: clock.now) }

  // MARK: Events of the network

  /// The client sent bytes.
  func sent(_ bytes: [UInt8]) {
    guard isOpen else { return }
    inbox += bytes
    readIfPossible()
  }

  func readIfPossible() {
    guard reading == .active, !isFull, !inbox.isEmpty else { return }
    let bytes = takeUnread() + inbox
    inbox = []
    process(bytes)
    shard.endedRead(at: clock.now)
  }

  func lost() {
    guard isOpen else { return }
    reading = .ended
    journal.note(.lost, at: place)
    if let connection { shard.closed(connection, at: clock.now) }
    dropBuffers()
  }

  func filled() { isFull = true }

  func drained() {
    guard isFull else { return }
    isFull = false
    flush()
    if isOpen, let connection { shard.outputDrained(connection, at: clock.now) }
    readIfPossible()
  }

  // MARK: Packets

  private func process(_ bytes: [UInt8]) {
    guard let connection else { return }
    let consumed = ExactMemory.lend(bytes) { bytes in
      var offset = 0
      while reading == .active {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
        do throws(MQTTDecodeError) {
          guard
            let header = try PacketFraming.readHeader(
              rest, maximumPacketSize: shard.broker.limits.maximumPacketSize),
            rest.count >= header.packetLength
          else { break }
          let body = UnsafeRawBufferPointer(rebasing: rest[header.length..<header.packetLength])
          try give(header, body, to: connection)
          offset += header.packetLength
        } catch {
          journal.note(.gaveFault, at: place)
          shard.received(error, on: connection, at: clock.now)
          offset = bytes.count
        }
      }
      return offset
    }
    guard isOpen, consumed < bytes.count else {
      connection.partialPacketSince = nil
      return
    }
    keep(Array(bytes[consumed...]), on: connection)
    connection.partialPacketSince = clock.now.monotonic
  }

  private func give(
    _ header: FixedHeader, _ body: UnsafeRawBufferPointer, to connection: ClientConnection
  ) throws(MQTTDecodeError) {
    if connection.isAwaitingConnect, header.type != .connect {
      throw MQTTDecodeError.protocolError("the first packet is not CONNECT")
    }
    if header.type == .publish {
      let view = try PublishView.decode(header, body: body, version: connection.version)
      journal.note(.gave(.publish(try PublishPacket(view))), at: place)
      shard.received(view, on: connection, at: clock.now)
    } else {
      let packet = try ControlPacket.decode(header, body: body, version: connection.version)
      journal.note(.gave(packet), at: place)
      shard.received(packet, on: connection, at: clock.now)
      clientIdentifier = connection.clientIdentifier
    }
  }

  private func keep(_ rest: [UInt8], on connection: ClientConnection) {
    let memory = shard.broker.memory
    memory.inputChanged(by: rest.count - unread.count)
    unread = rest
    if memory.isInputFull {
      journal.note(.gaveFault, at: place)
      shard.received(
        MQTTDecodeError(.quotaExceeded, "half packets of all clients have reached their limit"), on: connection,
        at: clock.now)
    }
  }

  private func takeUnread() -> [UInt8] {
    shard.broker.memory.inputChanged(by: -unread.count)
    defer { unread = [] }
    return unread
  }

  private func dropBuffers() {
    _ = takeUnread()
    inbox = []
    unsent = 0
    countUnsent()
    connection = nil
  }

  private func countUnsent() {
    shard.broker.memory.outputChanged(by: unsent - countedUnsent)
    countedUnsent = unsent
  }
}

extension FuzzConnection: WireOutput {
  var pendingBytes: Int { unsent }

  func wrote(_ bytes: [UInt8], version: ProtocolVersion) {
    journal.note(.wrote(bytes, version), at: place)
    if !isDiscarding { unsent += bytes.count }
  }

  func flush() {
    if !isFull { unsent = 0 }
    countUnsent()
  }

  func discard() {
    isDiscarding = true
    unsent = 0
    countUnsent()
  }

  func pauseReading() { if reading == .active { reading = .paused } }

  func resumeReading() {
    guard reading == .paused else { return }
    reading = .active
    if !unread.isEmpty {
      process(takeUnread())
      shard.endedRead(at: clock.now)
    }
  }

  func close() {
    guard isOpen else { return }
    reading = .ended
    journal.note(.closedByHub, at: place)
    dropBuffers()
  }
}
