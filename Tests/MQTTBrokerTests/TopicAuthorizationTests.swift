import Testing

@testable import MQTTBroker

/// The topic table of docs/topics.md, row by row.
@Suite struct TopicAuthorizationTests {
  struct Row: Sendable {
    let suffix: String
    let publishers: String
    let subscribers: String
  }

  /// Who may publish and who may subscribe: d = the device, o = an operator.
  static let table: [Row] = [
    Row(suffix: "telemetry", publishers: "d", subscribers: "o"),
    Row(suffix: "telemetry/outside/temperature", publishers: "d", subscribers: "o"),
    Row(suffix: "attributes", publishers: "d", subscribers: "o"),
    Row(suffix: "status", publishers: "d", subscribers: "o"),
    Row(suffix: "commands", publishers: "", subscribers: "do"),
    Row(suffix: "commands/next", publishers: "d", subscribers: "o"),
    Row(suffix: "commands/next/response", publishers: "", subscribers: "do"),
    Row(suffix: "commands/17/result", publishers: "d", subscribers: "o"),
    Row(suffix: "commands/send", publishers: "o", subscribers: "o"),
    Row(suffix: "time", publishers: "d", subscribers: "o"),
    Row(suffix: "time/response", publishers: "", subscribers: "do"),
    Row(suffix: "desired", publishers: "", subscribers: "do"),
    Row(suffix: "reported", publishers: "d", subscribers: "o"),
    Row(suffix: "presence", publishers: "", subscribers: "o"),
    Row(suffix: "presence/x", publishers: "", subscribers: ""),
    Row(suffix: "telemetry/", publishers: "d", subscribers: "o"),
    Row(suffix: "commands/17", publishers: "", subscribers: ""),
    Row(suffix: "commands//result", publishers: "", subscribers: ""),
    Row(suffix: "commands/17/result/x", publishers: "", subscribers: ""),
    Row(suffix: "firmware", publishers: "", subscribers: ""),
    Row(suffix: "", publishers: "", subscribers: ""),
  ]

  private func meaning(_ topic: String) -> TopicMeaning {
    Array(topic.utf8).withUnsafeBytes { DeviceTopicParser.meaning(of: $0) }
  }

  @Test(arguments: table) func followsTheTable(row: Row) {
    let topic = "v1/devices/kitchen/" + row.suffix
    let meaning = meaning(topic)
    let filter = Array(topic.utf8)
    let device = Principal.device("kitchen")
    let other = Principal.device("cellar")
    let someOperator = Principal.operator("ann")
    let anonymous = Principal.anonymous(clientIdentifier: "x")
    // An empty last level makes no metric: nothing to publish on, though the filter is harmless.
    let isEmptyMetric = row.suffix == "telemetry/"

    #expect(TopicAuthorization.mayPublish(device, meaning) == (row.publishers.contains("d") && !isEmptyMetric))
    #expect(!TopicAuthorization.mayPublish(other, meaning))
    #expect(TopicAuthorization.mayPublish(someOperator, meaning) == row.publishers.contains("o"))
    #expect(TopicAuthorization.mayPublish(anonymous, meaning) == (!row.publishers.isEmpty && !isEmptyMetric))

    #expect(TopicAuthorization.maySubscribe(device, filter: filter) == row.subscribers.contains("d"))
    #expect(!TopicAuthorization.maySubscribe(other, filter: filter))
    #expect(TopicAuthorization.maySubscribe(someOperator, filter: filter) == row.subscribers.contains("o"))
    #expect(TopicAuthorization.maySubscribe(anonymous, filter: filter) == row.subscribers.contains("o"))
  }

  @Test(arguments: [
    ("#", true), ("v1/#", true), ("v1/devices/#", true), ("v1/devices/+/telemetry", true),
    ("v1/devices/+/telemetry/+", true), ("v1/devices/+/telemetry/#", true), ("v1/devices/kitchen/#", true),
    ("v1/devices/kitchen/+", true), ("v1/devices/+/commands/+/result", true), ("v1/+/x/firmware", true),
    ("v1/devices/+/firmware", false), ("v1/devices/kitchen/firmware/#", false), ("v1/devices/me/telemetry", false),
    ("v1/devices/bad name/telemetry", false), ("v1/devices/kitchen/commands/+/+/x", false), ("home/x", true),
  ]) func operatorsSubscribeToWhatTheTableHas(filter: String, isAllowed: Bool) {
    let operatorMay = TopicAuthorization.maySubscribe(.operator("ann"), filter: Array(filter.utf8))
    #expect(operatorMay == isAllowed)
  }

  @Test(arguments: ["#", "+/devices/kitchen/commands", "v1/devices/+/commands", "v1/devices/kitchen/#", "home/x"])
  func aDeviceSubscribesToNothingWider(filter: String) {
    #expect(!TopicAuthorization.maySubscribe(.device("kitchen"), filter: Array(filter.utf8)))
  }

  @Test(arguments: [
    "v1/devices", "v1/devices/", "v1/devices/kitchen", "v1/devices//telemetry", "v1/devices/me/status",
    "v1/devices/../status", "v1/devices/a b/status", "v1/devices/\(String(repeating: "x", count: 65))/status",
  ])
  func whatIsNoDeviceTopicIsNobodys(topic: String) {
    #expect(meaning(topic) == .unknownDeviceTopic)
    #expect(!TopicAuthorization.mayPublish(.anonymous(clientIdentifier: "x"), meaning(topic)))
  }

  @Test func otherTopicsAreOrdinaryButForTheServers() {
    #expect(meaning("home/kitchen") == .ordinary)
    #expect(meaning("v1/device/kitchen/telemetry") == .ordinary)
    #expect(meaning("/v1/devices/kitchen/telemetry") == .ordinary)
    #expect(meaning("$SYS/broker/version") == .serverTopic)
    #expect(!TopicAuthorization.mayPublish(.operator("ann"), .serverTopic))
    #expect(!TopicAuthorization.mayPublish(.device("kitchen"), .ordinary))
  }

  @Test(arguments: [
    ("v1/devices/me/commands", "v1/devices/kitchen/commands"), ("v1/devices/me", "v1/devices/kitchen"),
  ]) func meIsRewritten(topic: String, resolved: String) {
    let bytes = Array(topic.utf8)
    bytes.withUnsafeBytes {
      #expect(MeTopic.isUsed(in: $0))
      #expect(String(decoding: MeTopic.resolved($0, device: "kitchen"), as: UTF8.self) == resolved)
    }
  }

  @Test(arguments: ["v1/devices/men/x", "v1/devices/m", "v1/devices/mee", "x/devices/me/y", "me", ""])
  func onlyTheLevelMeIsRewritten(topic: String) {
    Array(topic.utf8).withUnsafeBytes { #expect(!MeTopic.isUsed(in: $0)) }
  }
}
