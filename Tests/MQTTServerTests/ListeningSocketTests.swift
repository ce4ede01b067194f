import Glibc
import NIOCore
import Testing

@testable import MQTTServer

@Suite struct ListeningSocketTests {
  /// What Linux hands on from a listening socket.
  @Test func connectionsHaveItsOptions() throws {
    let listening = try ListeningSocket.open(SocketAddress(ipAddress: "127.0.0.1", port: 0), backlog: 1)
    let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(client) }
    #expect(listening.address.withSockAddr { connect(client, $0, socklen_t($1)) } == 0)
    let descriptor = try listening.duplicate()
    defer { close(descriptor) }
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    #expect(poll(&ready, 1, 10_000) == 1)
    let connection = accept(descriptor, nil, nil)
    defer { close(connection) }
    for (level, option) in [(Int32(IPPROTO_TCP), TCP_NODELAY), (SOL_SOCKET, SO_KEEPALIVE)] {
      var value: CInt = 0
      var length = socklen_t(MemoryLayout<CInt>.size)
      #expect(getsockopt(connection, level, option, &value, &length) == 0)
      #expect(value != 0)
    }
  }
}
