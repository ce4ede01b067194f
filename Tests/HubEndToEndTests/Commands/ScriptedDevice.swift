import DeviceAgentKit
import MQTTProtocol
import Testing

/// A device that does what a test says.
struct ScriptedDevice {
  let name: String
  let peer: MQTTPeer

  init(_ hub: HubProcess, _ name: String, version: ProtocolVersion = .v5, listens: Bool) throws {
    self.name = name
    peer = try MQTTPeer.connected(hub.mqttPort, version: version, name)
    if listens { try listen() }
  }

  func listen() throws {
    #expect(try peer.subscribe("v1/devices/me/commands") == .grantedQoS1)
  }

  /// The next command as it was published, with the message that brought it.
  func nextCommand() throws -> (command: JSONValue, message: PublishPacket) {
    let message = try peer.message()
    #expect(message.topicText == "v1/devices/me/commands")
    return (try JSONReader.value(message.payload), message)
  }

  /// Says what became of a command; the hub has it when this returns.
  func report(_ id: String, _ text: String) throws {
    #expect(try peer.publish("v1/devices/me/commands/\(id)/result", text) == .success)
  }

  /// Asks on `commands/next` and returns the answer.
  func askForCommands(maximum: Int = 1) throws -> JSONValue {
    peer.send(
      .publish(
        PublishPacket(
          topic: Array("v1/devices/me/commands/next".utf8), payload: Array(#"{"max":\#(maximum),"wait_s":0}"#.utf8))))
    let message = try peer.message()
    #expect(message.topicText == "v1/devices/me/commands/next/response")
    return try JSONReader.value(message.payload)
  }

  func leave() throws {
    peer.send(.disconnect(DisconnectPacket()))
    _ = try peer.closingReason()
  }
}

extension HubProcess {
  /// Sends a command that must be taken; returns its id.
  func sendCommand(to device: String, _ body: String = #"{"name":"open"}"#) throws -> String {
    let answer = try http("POST", "/v1/devices/\(device)/commands", body)
    #expect(answer.status == 201, "\(answer.text)")
    guard let id = try answer.json()["id"]?.string else { throw HarnessError("no id: \(answer.text)") }
    #expect(answer.headers["location"] == "/v1/commands/\(id)")
    return id
  }

  /// The states that a command went through.
  func states(of id: String, wait: String? = nil) throws -> [String] {
    let command = try json("/v1/commands/\(id)" + (wait.map { "?wait=\($0)" } ?? ""))
    let transitions = command["transitions"]?.elements ?? []
    for transition in transitions {
      #expect(transition["time"]?.string?.hasSuffix("Z") == true)
      #expect(transition["evidence"]?.string?.isEmpty == false)
    }
    #expect(transitions.last?["state"] == command["state"])
    return transitions.compactMap { $0["state"]?.string }
  }
}
