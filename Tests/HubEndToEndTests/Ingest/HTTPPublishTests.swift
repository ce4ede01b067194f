import DeviceAgentKit
import MQTTProtocol
import Testing

/// Telemetry that comes in over HTTP.
@Suite struct HTTPPublishTests {
  @Test func reachesSubscribersAndTheStore() throws {
    try withHub { hub in
      let subscriber = try MQTTPeer.connected(hub.mqttPort, "watcher")
      try subscriber.subscribe("v1/devices/+/telemetry")
      let answer = try hub.http("POST", "/v1/devices/shed/telemetry", #"{"temperature":3.5}"#)
      #expect(answer.status == 204)
      #expect(answer.body.isEmpty)
      let message = try subscriber.message()
      #expect(message.topicText == "v1/devices/shed/telemetry")
      #expect(message.text == #"{"temperature":3.5}"#)
      #expect(try hub.latest("shed", "temperature") == 3.5)
    }
  }

  @Test func keepsWhatCannotBeReadAsDeadLetter() throws {
    try withHub { hub in
      let answer = try hub.http("POST", "/v1/devices/shed/telemetry", "{")
      #expect(answer.status == 400)
      #expect(answer.headers["content-type"] == "application/problem+json")
      #expect(try answer.json()["parameter"]?.string == "body")
      #expect(try hub.json("/v1/dead-letters").elements.count == 1)
    }
  }

  @Test(arguments: [
    ("shed", "", 400), ("me", "{}", 400), ("a%2Fb", "{}", 400), ("caf%C3%A9", "{}", 400), ("%00", "{}", 400),
  ])
  func refuses(device: String, body: String, status: Int) throws {
    try withHub { hub in
      let answer = try hub.http("POST", "/v1/devices/\(device)/telemetry", body)
      #expect(answer.status == status)
      #expect(answer.headers["content-type"] == "application/problem+json")
      #expect(try hub.json("/v1/devices").elements.isEmpty)
    }
  }
}
