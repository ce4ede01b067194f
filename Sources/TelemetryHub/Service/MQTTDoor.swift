import MQTTServer
import NIOCore
import ServiceLifecycle

/// The MQTT server as a service: runs until it is told to stop, then says goodbye to every client.
struct MQTTDoor: Service {
  let server: MQTTServer
  let listeners: [MQTTListener]

  func run() async throws {
    try await gracefulShutdown()
    await server.stop(listeners, grace: .milliseconds(600))
  }
}
