import ArgumentParser
import Glibc
import MQTTProtocol

/// `publish-latency`: how long a message takes from its publisher through the server to a subscriber.
@main
struct LatencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish-latency",
    abstract: "Measures the time from a publish to its arrival at a subscriber, or to its acknowledgement.",
    discussion: """
      One publisher and one subscriber on blocking sockets of their own, with TCP_NODELAY, each in a thread of its own. Each message carries the monotonic time at which it is sent. Prints one JSON \
      object; times are microseconds. The exit code is 1 where a message did not arrive.
      """)

  @Option(help: "The server's host, an IPv4 address.")
  var host = "127.0.0.1"

  @Option(help: "The server's port.")
  var port: UInt16 = 1883

  @Option(help: "Quality of service of publish and subscription, 0 or 1.")
  var qos: UInt8 = 0

  @Option(help: "Messages a second.")
  var rate = 1000

  @Option(help: "How long to measure, in seconds.")
  var seconds = 10

  @Option(help: "Messages at the start that are not counted.")
  var warmUp = 500

  @Flag(help: "Measure to the PUBACK of each message, at QoS 1 and without a subscriber.")
  var acknowledged = false

  @Option(help: "The topic to publish and subscribe.")
  var topic = "v1/devices/latency-probe/telemetry"

  func validate() throws {
    guard qos <= 1 else { throw ValidationError("--qos is \(qos); 0 and 1 are allowed") }
    guard (1...100_000).contains(rate) else { throw ValidationError("--rate is \(rate); 1 to 100000 are allowed") }
    guard (1...3600).contains(seconds) else { throw ValidationError("--seconds is \(seconds); 1 to 3600 are allowed") }
    guard warmUp >= 0 else { throw ValidationError("--warm-up is \(warmUp); 0 and more are allowed") }
  }

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    let total = warmUp + rate * seconds
    let settings = ProbeSettings(
      host: host, port: port, qos: qos == 0 ? .atMostOnce : .atLeastOnce, topic: Array(topic.utf8), messages: total,
      warmUp: warmUp, interval: 1_000_000_000 / Int64(rate))
    let measured = try measure(settings)
    let sorted = measured.sorted()
    func microseconds(_ quantile: Double) -> String {
      guard !sorted.isEmpty else { return "null" }
      let place = min(sorted.count - 1, Int((Double(sorted.count) * quantile).rounded(.down)))
      return "\((Double(sorted[place]) / 100).rounded() / 10)"
    }
    let expected = total - warmUp
    print(
      "{\"qos\":\(qos),\"rate\":\(rate),\"expected\":\(expected),\"received\":\(sorted.count),"
        + "\"p50_us\":\(microseconds(0.5)),\"p90_us\":\(microseconds(0.9)),\"p99_us\":\(microseconds(0.99)),"
        + "\"p999_us\":\(microseconds(0.999)),\"max_us\":\(microseconds(1))}")
    if sorted.count != expected { throw ExitCode(1) }
  }

  private func measure(_ settings: ProbeSettings) throws -> [Int64] {
    do {
      if acknowledged {
        var probe = AcknowledgementProbe(settings)
        try probe.run()
        return probe.latencies
      }
      var subscriber = try ProbeSubscriber(settings)
      let publisher = ProbePublisher(settings)
      try publisher.start()
      do {
        try subscriber.run()
      } catch {
        complain("\(publisher.ending?.explanation ?? explain(error)); \(subscriber.latencies.count) messages arrived")
      }
      return subscriber.latencies
    } catch {
      complain(explain(error))
      throw ExitCode(1)
    }
  }

  private func explain(_ error: any Error) -> String {
    switch error {
    case let error as ProbeFailure: error.explanation
    case let error as MQTTDecodeError: "what the server sent is not MQTT: \(error.explanation)"
    default: "\(error)"
    }
  }

  private func complain(_ text: String) {
    let line = Array("publish-latency: \(text)\n".utf8)
    _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
  }
}
