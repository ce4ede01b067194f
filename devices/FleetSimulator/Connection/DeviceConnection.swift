import MQTTProtocol
import NIOCore

/// One MQTT connection of the fleet: it speaks for one device, or for several as a gateway does.
///
/// It lives on its event loop and shares that loop's output buffer, histogram and counters.
final class DeviceConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  enum Phase {
    /// Not connected yet, or CONNACK is still to come.
    case connecting
    /// Accepted by the hub; sends nothing yet.
    case ready
    case sending
    /// All is sent and the hub has taken all of it.
    case finished
    case closed
  }

  /// Bytes that are encoded before they are written, at most.
  static let batchBytes = 32 * 1024

  let number: Int
  let loop: FleetLoop
  var phase = Phase.connecting
  var context: ChannelHandlerContext?
  var scanner = ReplyScanner()
  var templates: MessageTemplates
  var window: AcknowledgementWindow
  var keepAlive: UInt16

  /// Messages that this connection may send in all.
  var budget: Int
  /// Messages that may have left by now at a given rate; `Int.max` when the rate is the hub's.
  var due = 0
  var sent = 0
  /// Messages that the hub has taken: acknowledged at QoS 1, answered for by a PINGRESP at QoS 0.
  var taken = 0
  /// Messages that the hub acknowledged with a failure.
  var refused = 0
  /// How many messages were sent before the PINGREQ that is still unanswered.
  var pingMark: Int?
  /// Nanoseconds of the monotonic clock.
  var lastWrite: Int64 = 0
  var isPumping = false
  /// Why the connection ends, where it says so before it does.
  var farewell: String?

  init(number: Int, loop: FleetLoop, timestamp: Int64) {
    self.number = number
    self.loop = loop
    templates = loop.settings.templates(ofConnection: number, timestamp: timestamp)
    window = AcknowledgementWindow(size: loop.settings.qos == .atMostOnce ? 0 : loop.settings.window)
    keepAlive = loop.settings.keepAlive
    budget = loop.settings.budget(ofConnection: number)
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) {
    let settings = loop.settings
    let connect = ConnectPacket(
      version: settings.version, cleanStart: true, keepAlive: settings.keepAlive,
      clientIdentifier: settings.clientIdentifier(ofConnection: number))
    let bytes = ControlPacket.connect(connect).encoded(version: settings.version)
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    lastWrite = MonotonicClock.now()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    let now = MonotonicClock.now()
    let takenBefore = taken
    do {
      try bytes.withUnsafeReadableBytes { try received($0, at: now) }
    } catch let error as MQTTDecodeError {
      close(because: "what the hub sent is not MQTT: \(error.explanation)")
    } catch {
      close(because: FleetFault.explain(error))
    }
    if taken != takenBefore { loop.counters.messagesAcknowledged(taken - takenBefore) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    pump()
    finishIfAllIsTaken()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { pump() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    close(because: FleetFault.explain(error))
  }

  func channelInactive(context: ChannelHandlerContext) {
    let wasReady = phase != .connecting
    let isExpected = phase == .finished || phase == .closed
    phase = .closed
    if !isExpected {
      loop.connectionEnded(self, wasReady: wasReady, because: farewell ?? "the hub closed the connection")
    }
  }

  /// Ends the connection after a fault and tells why.
  func close(because reason: String) {
    guard phase != .closed else { return }
    let wasReady = phase != .connecting
    phase = .closed
    loop.connectionEnded(self, wasReady: wasReady, because: farewell ?? reason)
    context?.close(promise: nil)
  }
}
