import Logging
import MQTTBroker
import MQTTServer
import NIOCore

/// The doors for MQTT that are open, and where.
struct MQTTListeners: Sendable {
  let all: [MQTTListener]
  let mqtt: ListenAddress
  /// nil where it is off.
  let webSocket: ListenAddress?

  /// What the server is made with: its listener for MQTT over TCP.
  static func mqttConfiguration(_ configuration: HubConfiguration) -> MQTTServerConfiguration {
    MQTTServerConfiguration(
      host: configuration.mqtt.listen.host, port: configuration.mqtt.listen.port,
      limits: ListenerLimits("mqtt", configuration.mqtt.limits))
  }

  /// Binds every door.
  static func open(_ configuration: HubConfiguration, on server: MQTTServer) async throws -> MQTTListeners {
    let mqtt = try await start(
      mqttConfiguration(configuration), on: server, "MQTT", flag: "--mqtt-listen", at: configuration.mqtt.listen)
    guard let address = configuration.websocket.listen else {
      return MQTTListeners(all: [mqtt], mqtt: mqtt.bound(as: configuration.mqtt.listen), webSocket: nil)
    }
    let webSocket = try await start(
      MQTTServerConfiguration(
        host: address.host, port: address.port,
        transport: .webSocket(allowedOrigins: configuration.websocket.allowedOrigins.origins),
        limits: ListenerLimits("websocket", configuration.websocket.limits)),
      on: server, "MQTT over WebSocket", flag: "--websocket-listen", at: address)
    return MQTTListeners(
      all: [mqtt, webSocket], mqtt: mqtt.bound(as: configuration.mqtt.listen), webSocket: webSocket.bound(as: address))
  }

  private static func start(
    _ listener: MQTTServerConfiguration, on server: MQTTServer, _ door: String, flag: String, at address: ListenAddress
  ) async throws -> MQTTListener {
    do {
      return try await server.start(listener)
    } catch {
      throw HubStartError.cannotListen(door, flag: flag, on: address, because: error)
    }
  }
}

extension MQTTListener {
  /// The address with the port that the kernel chose.
  fileprivate func bound(as asked: ListenAddress) -> ListenAddress {
    ListenAddress(host: asked.host, port: address.port ?? 0)
  }
}
