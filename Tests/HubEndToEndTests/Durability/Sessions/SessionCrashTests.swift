import Glibc
import MQTTProtocol
import Testing

/// QoS 2 is exactly once, and in order, whenever the hub is killed: while messages come in and go out, while it starts, while
/// one side is away.
///
/// `CRASH_ROUNDS` says how often (`make crash ROUNDS=500`), `CRASH_SEED` when.
@Suite struct SessionCrashTests {
  private static func number(_ variable: String, _ usual: Int) -> Int {
    getenv(variable).flatMap { Int(String(cString: $0)) } ?? usual
  }

  /// A queue may be as long as a subscriber's absence.
  private static let options = ["--session-queue-messages", "1000000", "--session-queue-bytes", "256MiB"]

  @Test func everyMessageComesOnce() throws {
    let seed = UInt64(Self.number("CRASH_SEED", Int(WallClock.unixMilliseconds())))
    var random = SeededGenerator(seed: seed)
    let directory = try TemporaryDirectory()
    let publishers = [ProtocolVersion.v3_1_1, .v5].enumerated().map {
      ExactlyOncePublisher(name: "publisher-\($0)", version: $1)
    }
    let subscribers = [ProtocolVersion.v3_1_1, .v5].enumerated().map {
      ExactlyOnceSubscriber(name: "subscriber-\($0)", version: $1)
    }
    try subscribe(subscribers, directory)
    for round in 0..<Self.number("CRASH_ROUNDS", 15) {
      let hub = try HubProcess(Self.options, directory: directory)
      run(publishers, subscribers.filter { _ in Int.random(in: 0..<4, using: &random) > 0 }, hub, &random)
      try expectNoFault(publishers, subscribers, "round \(round), CRASH_SEED=\(seed)")
    }
    let hub = try HubProcess(Self.options, directory: directory)
    // Each finishes what is under way, and nothing new comes.
    for publisher in publishers { publisher.run(port: hub.mqttPort, isLast: true) }
    for subscriber in subscribers {
      subscriber.run(port: hub.mqttPort) { subscriber in
        publishers.allSatisfy { subscriber.numbers[$0.name, default: []].count >= $0.sent }
      }
    }
    try expectNoFault(publishers, subscribers, "at the end, CRASH_SEED=\(seed)")
    for publisher in publishers {
      #expect(publisher.unfinished == 0 && publisher.sent > 0)
      for subscriber in subscribers {
        let isComplete = subscriber.numbers[publisher.name] == Array(0..<publisher.sent)
        #expect(isComplete, "\(subscriber.name) of \(publisher.name), CRASH_SEED=\(seed)")
      }
    }
    hub.stop()
  }

  /// Both are subscribed before anything is published.
  private func subscribe(_ subscribers: [ExactlyOnceSubscriber], _ directory: TemporaryDirectory) throws {
    let hub = try HubProcess(Self.options, directory: directory)
    for subscriber in subscribers { subscriber.run(port: hub.mqttPort) { _ in true } }
    hub.process.kill()
    _ = try hub.process.waitForEnd(within: .seconds(10))
  }

  /// Has the hub killed with all of them at work.
  private func run(
    _ publishers: [ExactlyOncePublisher], _ subscribers: [ExactlyOnceSubscriber], _ hub: HubProcess,
    _ random: inout SeededGenerator
  ) {
    let left = Monitor(publishers.count + subscribers.count)
    let port = hub.mqttPort
    func start(_ body: @escaping @Sendable () -> Void) {
      BackgroundThread.start {
        body()
        left.withLock { $0 -= 1 }
      }
    }
    for publisher in publishers { start { publisher.run(port: port) } }
    for subscriber in subscribers { start { subscriber.run(port: port) } }
    usleep(.random(in: 5_000...400_000, using: &random))
    hub.process.kill()
    #expect(left.wait(within: .seconds(20)) { $0 == 0 ? () : nil } != nil, "a client did not end")
    _ = try? hub.process.waitForEnd(within: .seconds(10))
  }

  private func expectNoFault(
    _ publishers: [ExactlyOncePublisher], _ subscribers: [ExactlyOnceSubscriber], _ place: Comment
  ) throws {
    let faults =
      publishers.flatMap { publisher in publisher.faults.map { "\(publisher.name): \($0)" } }
      + subscribers.flatMap { subscriber in subscriber.faults.map { "\(subscriber.name): \($0)" } }
    let isRight = faults.isEmpty
    try #require(isRight, "\(faults.prefix(5)); \(place)")
  }
}
