import Glibc
import MQTTProtocol
import Synchronization

/// Publishes at a steady pace from a thread of its own.
final class ProbePublisher: Sendable {
  private let settings: ProbeSettings
  private let failure = Mutex<ProbeFailure?>(nil)

  init(_ settings: ProbeSettings) { self.settings = settings }

  /// What ended the thread early, if anything did.
  var ending: ProbeFailure? { failure.withLock { $0 } }

  /// Starts the thread; it ends by itself when all is sent.
  func start() throws {
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<ProbePublisher>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    guard status == 0 else { throw ProbeFailure("cannot start a thread") }
    pthread_detach(thread)
  }

  private func run() {
    do {
      // It bears the name of the device that it speaks for.
      let connection = try ProbeConnection(
        host: settings.host, port: settings.port, clientIdentifier: ProbeSettings.deviceName)
      let start = ProbeClock.now() + 10_000_000
      for sequence in 0..<settings.messages {
        ProbeClock.sleep(until: start + Int64(sequence) * settings.interval)
        try connection.discardReceived()
        try publish(sequence, on: connection)
      }
      // The last acknowledgements are still under way; leaving at once would look like a crash to the server.
      ProbeClock.sleep(until: ProbeClock.now() + 100_000_000)
      try connection.send(.disconnect(DisconnectPacket()))
    } catch {
      failure.withLock { $0 = error as? ProbeFailure ?? ProbeFailure("\(error)") }
    }
  }

  private func publish(_ sequence: Int, on connection: ProbeConnection) throws {
    // The message carries the time of its send, not the time it was due: this thread's own waking up is not measured.
    let packet = PublishPacket(
      topic: settings.topic, payload: ProbeMessage.payload(sequence: sequence, sentAt: ProbeClock.now()),
      qos: settings.qos, packetIdentifier: settings.qos == .atMostOnce ? 0 : UInt16(sequence % 65_535) + 1)
    try connection.send(.publish(packet))
  }
}
