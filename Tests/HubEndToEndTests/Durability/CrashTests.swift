import DeviceAgentKit
import Glibc
import Testing

/// Acknowledged means durable: kill -9 at any moment, under load, while it starts, while the journal is moved, loses no
/// acknowledged reading and doubles none.
///
/// `CRASH_ROUNDS` says how often (`make crash ROUNDS=500`), `CRASH_SEED` when and with what.
@Suite struct CrashTests {
  private static func number(_ variable: String, _ usual: Int) -> Int {
    getenv(variable).flatMap { Int(String(cString: $0)) } ?? usual
  }

  @Test func acknowledgedReadingsSurviveEveryKill() throws {
    let seed = UInt64(Self.number("CRASH_SEED", Int(WallClock.unixMilliseconds())))
    var random = SeededGenerator(seed: seed)
    let directory = try TemporaryDirectory()
    let start = WallClock.unixMilliseconds() - 20 * 86_400_000
    let publishers = (0..<3).map {
      CrashPublisher(device: "crash-\($0)", seed: seed &+ UInt64($0) << 32, start: start)
    }
    for round in 0..<Self.number("CRASH_ROUNDS", 20) {
      let reason = Comment(rawValue: "round \(round), CRASH_SEED=\(seed)")
      try killWhileStarting(directory, &random)
      let hub = try HubProcess(options, directory: directory)
      // What former rounds left is looked at again at the end.
      for publisher in publishers { try check(publisher, from: publisher.firstOfRound, in: hub, reason) }
      publish(publishers, to: hub, for: .random(in: 5...400, using: &random))
    }
    let hub = try HubProcess(options, directory: directory)
    for publisher in publishers { try check(publisher, from: 0, in: hub, "at the end, CRASH_SEED=\(seed)") }
    #expect(publishers.allSatisfy { !$0.acknowledged.isEmpty })
    hub.stop()
  }

  /// Little room, so that everything that moves readings to other places happens all the time.
  private var options: [String] { ["--journal", "64KiB", "--memory", "1MiB"] }

  private func killWhileStarting(_ directory: TemporaryDirectory, _ random: inout SeededGenerator) throws {
    guard Bool.random(using: &random) else { return }
    let hub = try ChildProcess(Executables.hub, HubProcess.arguments(options, directory: directory))
    usleep(.random(in: 0...60_000, using: &random))
    hub.kill()
    _ = try hub.waitForEnd(within: .seconds(10))
  }

  /// Has the hub killed under load.
  private func publish(_ publishers: [CrashPublisher], to hub: HubProcess, for milliseconds: UInt32) {
    let left = Monitor(publishers.count)
    for publisher in publishers {
      BackgroundThread.start {
        publisher.run(port: hub.mqttPort)
        left.withLock { $0 -= 1 }
      }
    }
    usleep(milliseconds * 1_000)
    hub.process.kill()
    #expect(left.wait(within: .seconds(20)) { $0 == 0 ? () : nil } != nil, "a publisher did not end")
  }

  /// Every acknowledged reading numbered from `first` on is there once, bit for bit, and nothing that was not sent.
  private func check(_ publisher: CrashPublisher, from first: Int, in hub: HubProcess, _ reason: Comment) throws {
    for start in stride(from: first, to: publisher.sent, by: 50_000) {
      try check(publisher, start..<min(start + 50_000, publisher.sent), in: hub, reason)
    }
  }

  private func check(
    _ publisher: CrashPublisher, _ numbers: Range<Int>, in hub: HubProcess, _ reason: Comment
  ) throws {
    for metric in ["value", "number"] {
      let answer = try hub.json(
        "/v1/readings?device=\(publisher.device)&metric=\(metric)&from=\(publisher.time(of: numbers.lowerBound))"
          + "&to=\(publisher.time(of: numbers.upperBound))&limit=100000&format=columns")
      let series = answer.elements.first
      let times = series?["time"]?.elements.compactMap { $0.number.map { Int64($0) } } ?? []
      let values = series?["value"]?.elements.compactMap(\.number) ?? []
      try #require(times.count == values.count, reason)
      var found: [Int64: Double] = [:]
      for (time, value) in zip(times, values) {
        let isFirst = found.updateValue(value, forKey: time) == nil
        try #require(isFirst, "\(time) twice; \(reason)")
      }
      var missing: [Int] = []
      for number in numbers {
        guard let value = found.removeValue(forKey: publisher.time(of: number)) else {
          if publisher.acknowledged.contains(number) { missing.append(number) }
          continue
        }
        let expected = metric == "value" ? publisher.value(of: number) : Double(number)
        let isSame = value.bitPattern == expected.bitPattern
        try #require(isSame, "reading \(number) is \(value), not \(expected); \(reason)")
      }
      let isComplete = missing.isEmpty
      try #require(isComplete, "acknowledged and missing: \(missing.prefix(9)) of \(numbers); \(reason)")
      let isClean = found.isEmpty
      try #require(isClean, "readings that nobody sent: \(found.prefix(3)); \(reason)")
    }
  }
}
