import ArgumentParser

/// `mqtt-load publish`: publishers and subscribers, as fast as the server takes it.
struct PublishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "Publishes as fast as the server takes it, to nobody or to subscribers.",
    discussion: """
      Publishers and subscribers take the topics in turn. With subscribers the rate is that of delivered messages, and publishers are never more than the window ahead of a topic's slowest \
      subscriber, so that a server need not drop anything. Without, it is that of published messages, until the server has answered what stands behind the last.
      """)

  @OptionGroup var server: ServerOptions

  @Option(help: "Connections that publish.")
  var publishers = 1

  @Option(help: "Connections that subscribe, a multiple of the topics.")
  var subscribers = 0

  @Option(help: "Topics.")
  var topics = 1

  @Option(help: "Quality of service of publishes and subscriptions: 0, 1 or 2.")
  var qos: UInt8 = 0

  @Option(help: "Messages of a topic that its slowest subscriber may be behind.")
  var window = 100

  @Option(help: "Publishes of a connection at QoS 1 and 2 that wait for their acknowledgement.")
  var inFlight = 100

  @Flag(help: "Publish to v1/devices/load-N/telemetry, one topic a publisher, instead of bench/N/reading.")
  var telemetry = false

  @Option(help: "Seconds before the counting begins, where there are subscribers.")
  var warmUp = 0.5

  @Option(help: "Seconds.")
  var seconds = 3.0

  func validate() throws {
    guard (1...20_000).contains(publishers), (0...20_000).contains(subscribers) else {
      throw ValidationError("publishers and subscribers may be up to 20000")
    }
    guard (1...publishers).contains(topics) else { throw ValidationError("--topics may be 1 to the publishers") }
    guard subscribers % topics == 0 else { throw ValidationError("--subscribers is a multiple of --topics") }
    guard qos <= 2 else { throw ValidationError("--qos is \(qos); 0, 1 and 2 are allowed") }
    guard (1...10_000).contains(window), (1...10_000).contains(inFlight) else {
      throw ValidationError("--window and --in-flight may be 1 to 10000")
    }
    guard !telemetry || topics == publishers else { throw ValidationError("--telemetry wants a topic a publisher") }
    guard (0.1...3600).contains(seconds), (0...60).contains(warmUp) else {
      throw ValidationError("--seconds may be 0.1 to 3600, --warm-up 0 to 60")
    }
  }

  func run() throws {
    try ServerOptions.run {
      let settings = PublishSettings(
        address: try server.address(connections: publishers + subscribers), publishers: publishers,
        subscribers: subscribers, topics: topics, qos: qos, window: window, inFlight: inFlight, isTelemetry: telemetry,
        startTime: LoadClock.wallMilliseconds(), warmUp: Int64(warmUp * 1e9), duration: Int64(seconds * 1e9))
      var load = try PublishLoad(settings)
      print(try load.run().json)
    }
  }
}
