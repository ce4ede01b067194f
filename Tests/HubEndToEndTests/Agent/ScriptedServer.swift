import DeviceAgentKit
import Glibc
import MQTTProtocol

/// Just enough of an MQTT 5 server to be an agent's hub, doing what a test says.
final class ScriptedServer: Sendable {
  let port: UInt16
  private let descriptor: Int32

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard isListening else { throw HarnessError("cannot listen") }
  }

  deinit { close(descriptor) }

  /// Waits for a client, accepts its CONNECT and the subscriptions it makes.
  func accept(within time: Duration = .seconds(20)) throws -> Session {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, Deadline(time).remaining) == 1 else { throw HarnessError("nobody connected") }
    let accepted = ChildProcess.starting.withLock { _ in
      let accepted = Glibc.accept(descriptor, nil, nil)
      return fcntl(accepted, F_SETFD, FD_CLOEXEC) == 0 ? accepted : -1
    }
    guard accepted >= 0 else { throw HarnessError("cannot accept") }
    let session = Session(peer: MQTTPeer(socket: TCPConnection(accepted: accepted)))
    try session.greet()
    return session
  }

  struct Session {
    let peer: MQTTPeer

    fileprivate func greet() throws {
      try peer.expect("CONNECT") { if case .connect = $0 { () } else { nil } }
      peer.send(.connack(ConnackPacket(sessionPresent: false, reasonCode: .success)))
      // The agent listens to its commands once both of its subscriptions stand.
      var subscriptions = 0
      while subscriptions < 2 {
        guard let packet = try peer.receive() else { throw HarnessError("the agent left") }
        if case .subscribe = packet { subscriptions += 1 }
        acknowledge(packet)
      }
    }

    func sendCommand(_ command: String, to device: String) throws {
      peer.send(
        .publish(
          PublishPacket(
            topic: Array("v1/devices/\(device)/commands".utf8), payload: Array(command.utf8), qos: .atLeastOnce,
            packetIdentifier: peer.nextIdentifier())))
    }

    /// The next report that ends the command; whatever else comes is acknowledged.
    func finalReport(_ id: String) throws -> JSONValue {
      while let packet = try peer.receive() {
        acknowledge(packet)
        guard case .publish(let publish) = packet, publish.topicText.hasSuffix("/commands/\(id)/result") else {
          continue
        }
        let report = try JSONReader.value(publish.payload)
        if let status = report["status"]?.string, status != "accepted", status != "running" { return report }
      }
      throw HarnessError("the agent left without a report")
    }

    private func acknowledge(_ packet: ControlPacket) {
      switch packet {
      case .publish(let publish) where publish.qos == .atLeastOnce:
        peer.send(.puback(AcknowledgementPacket(packetIdentifier: publish.packetIdentifier)))
      case .subscribe(let subscribe):
        peer.send(
          .suback(
            SubackPacket(
              packetIdentifier: subscribe.packetIdentifier,
              reasonCodes: subscribe.subscriptions.map { ReasonCode(rawValue: $0.qos.rawValue) })))
      case .pingreq: peer.send(.pingresp)
      default: break
      }
    }
  }
}
