import MQTTServer
import NIOCore
import ServiceLifecycle

/// The MQTT server as a service: runs until it is told to stop, then says goodbye to every client.
struct MQTTDoor: Service, CustomStringConvertible {
  let server: MQTTServer
  let listeners: [MQTTListener]

  var description: String { "the MQTT server" }

  func run() async throws {
    try await gracefulShutdown()
    await server.stop(listeners, grace: .milliseconds(600))
  }
}
