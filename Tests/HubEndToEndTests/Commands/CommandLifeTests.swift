import DeviceAgentKit
import MQTTProtocol
import Testing

/// Commands to a device that does what each test says.
@Suite struct CommandLifeTests {
  @Test(arguments: [ProtocolVersion.v3_1_1, .v5])
  func goesThroughItsStates(version: ProtocolVersion) throws {
    try withHub { hub in
      let device = try ScriptedDevice(hub, "valve", version: version, listens: true)
      let waiting = try hub.curl(
        "POST", "/v1/devices/valve/commands?wait=10s", #"{"name":"open","arguments":{"percent":40},"ttl_s":30}"#)
      let (command, message) = try device.nextCommand()
      let id = try #require(command["id"]?.string)
      #expect(command["name"]?.string == "open")
      #expect(command["arguments"] == ["percent": 40])
      #expect(command["not_after"]?.integer != nil)
      #expect(message.qos == .atLeastOnce && !message.retain)
      if version == .v5 {
        let properties = message.properties
        #expect(
          ["v1/devices/valve/commands/\(id)/result", "v1/devices/me/commands/\(id)/result"].contains(
            properties.responseTopic))
        #expect(properties.correlationData == Array(id.utf8))
        #expect((28...30).contains(properties.messageExpiryInterval ?? 0))
      }
      try device.report(id, #"{"status":"accepted"}"#)
      try device.report(id, #"{"status":"running","progress":0.4}"#)
      #expect(try hub.json("/v1/commands/\(id)")["progress"]?.number == 0.4)
      #expect(waiting.isRunning)
      try device.report(id, #"{"status":"succeeded","result":{"percent":40}}"#)
      let answer = try HTTPAnswer(parsing: waiting.outcome().output)
      #expect(answer.status == 200)
      #expect(answer.headers["location"] == "/v1/commands/\(id)")
      let final = try answer.json()
      #expect(final["state"]?.string == "succeeded")
      #expect(final["final"]?.boolean == true)
      #expect(final["result"] == ["percent": 40])
      #expect(
        try hub.states(of: id) == ["queued", "sent", "delivered", "accepted", "running", "succeeded"])
    }
  }

  @Test(arguments: ["failed", "rejected"])
  func endsAsTheDeviceSays(status: String) throws {
    try withHub { hub in
      let device = try ScriptedDevice(hub, "valve", listens: true)
      let id = try hub.sendCommand(to: "valve")
      _ = try device.nextCommand()
      try device.report(id, #"{"status":"\#(status)","error":"stuck"}"#)
      let command = try hub.json("/v1/commands/\(id)?wait=10s")
      #expect(command["state"]?.string == status)
      #expect(command["error"]?.string == "stuck")
      #expect(command["result"] == nil)
      // The device's last word stands.
      try device.report(id, #"{"status":"succeeded"}"#)
      #expect(try hub.json("/v1/commands/\(id)")["state"]?.string == status)
    }
  }

  @Test func tellsTheStateSoFarWhenTheWaitIsOver() throws {
    try withHub { hub in
      let device = try ScriptedDevice(hub, "valve", listens: true)
      let waiting = try hub.curl("POST", "/v1/devices/valve/commands?wait=300ms", #"{"name":"open"}"#)
      _ = try device.nextCommand()
      try device.peer.ping()
      let answer = try HTTPAnswer(parsing: waiting.outcome().output)
      #expect(answer.status == 202)
      #expect(try answer.json()["state"]?.string == "delivered")
      #expect(try answer.json()["final"]?.boolean == false)
    }
  }

  @Test func staysSentAtQoS0() throws {
    try withHub { hub in
      let device = try ScriptedDevice(hub, "valve", listens: false)
      try device.peer.subscribe("v1/devices/me/commands", qos: .atMostOnce)
      let id = try hub.sendCommand(to: "valve")
      let (command, message) = try device.nextCommand()
      #expect(command["id"]?.string == id && message.qos == .atMostOnce)
      #expect(try hub.states(of: id) == ["queued", "sent"])
    }
  }

  @Test func expiresWhereItNeverLeft() throws {
    try withHub { hub in
      try ScriptedDevice(hub, "valve", listens: false).leave()
      let id = try hub.sendCommand(to: "valve", #"{"name":"open","ttl_s":0.2}"#)
      #expect(try hub.states(of: id, wait: "10s") == ["queued", "expired"])
      let device = try ScriptedDevice(hub, "valve", listens: true)
      try device.peer.subscribe("v1/devices/me/commands/next/response")
      #expect(try device.askForCommands()["commands"] == [])
    }
  }

  @Test func isUnknownWhereNoAnswerCame() throws {
    try withHub { hub in
      let device = try ScriptedDevice(hub, "valve", listens: true)
      let id = try hub.sendCommand(to: "valve", #"{"name":"open","ttl_s":0.3}"#)
      _ = try device.nextCommand()
      #expect(try hub.states(of: id, wait: "10s") == ["queued", "sent", "delivered", "unknown"])
      // It did run, and says so late: that is known then.
      try device.report(id, #"{"status":"succeeded","result":1}"#)
      #expect(try hub.states(of: id).last == "succeeded")
    }
  }

  /// It may have run: it is not offered a second time, and ends as what it is.
  @Test func staysSentWhereTheDeviceIsLostBeforeItAcknowledges() throws {
    try withHub { hub in
      let id: String
      do {
        let device = try ScriptedDevice(hub, "valve", listens: true)
        id = try hub.sendCommand(to: "valve", #"{"name":"open","ttl_s":1.5}"#)
        _ = try device.peer.expect("PUBLISH") { if case .publish(let publish) = $0 { publish } else { nil } }
      }
      try eventually("the device is gone") { try hub.metric("telemetry_hub_connections") == 0 }
      #expect(try hub.states(of: id) == ["queued", "sent"])
      let device = try ScriptedDevice(hub, "valve", listens: true)
      try device.peer.subscribe("v1/devices/me/commands/next/response")
      #expect(try device.askForCommands(maximum: 16)["commands"] == [])
      #expect(try hub.states(of: id, wait: "10s") == ["queued", "sent", "unknown"])
    }
  }

  @Test func isNotFollowedByAnotherDevicesWord() throws {
    try withHub { hub in
      let device = try ScriptedDevice(hub, "valve", listens: true)
      let other = try ScriptedDevice(hub, "other", listens: true)
      let id = try hub.sendCommand(to: "valve")
      _ = try device.nextCommand()
      try device.peer.ping()
      try other.report(id, #"{"status":"succeeded"}"#)
      #expect(try hub.states(of: id) == ["queued", "sent", "delivered"])
    }
  }

  @Test(arguments: [
    (#"{"name":"open""#, "body"), (#"{"arguments":{}}"#, "name"), (#"{"name":"a b"}"#, "name"),
    (#"{"name":"open","ttl_s":-1}"#, "ttl_s"), (#"{"name":"open","ttl_s":1e99}"#, "ttl_s"),
    (#"{"name":"open","arguments":[1]}"#, "arguments"), (#"{"name":"open","argument":{}}"#, "argument"),
  ])
  func refusesWhatIsNoCommand(body: String, parameter: String) throws {
    try withHub { hub in
      _ = try ScriptedDevice(hub, "valve", listens: true)
      let answer = try hub.http("POST", "/v1/devices/valve/commands", body)
      #expect(answer.status == 400)
      #expect(answer.headers["content-type"] == "application/problem+json")
      #expect(try answer.json()["parameter"]?.string == parameter)
      #expect(try hub.json("/v1/devices/valve/commands").elements.isEmpty)
    }
  }

  @Test func isUnknownToUnknownDevices() throws {
    try withHub { hub throws in
      #expect(try hub.http("POST", "/v1/devices/nobody/commands", #"{"name":"open"}"#).status == 404)
      #expect(try hub.http("GET", "/v1/devices/nobody/commands").status == 404)
      #expect(try hub.http("GET", "/v1/commands/nothing").status == 404)
      #expect(try hub.http("DELETE", "/v1/commands/nothing").status == 404)
    }
  }
}
