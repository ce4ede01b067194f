import MosquittoClient
import Testing

/// `$share/{group}/{filter}` (MQTT 5.0 §4.8.2), with mosquitto_sub and libmosquitto.
@Suite struct SharedSubscriptionTests {
  @Test(arguments: [1, 2])
  func sharesAmongMosquittos(qos: Int) throws {
    try withHub { hub in
      let members = try (0..<3).map { _ in
        try hub.subscribe(["-V", "5", "-q", "\(qos)", "-t", "$share/workers/jobs/+", "-F", "%t %p"])
      }
      let watcher = try hub.subscribe(["-V", "5", "-q", "\(qos)", "-t", "jobs/#", "-C", "60", "-F", "%t %p"])
      try hub.waitForSubscriptions(4)
      let publisher = try hub.mosquittoClient("publisher")
      let jobs = (0..<60).map { "jobs/\($0 % 4) job \($0)" }
      for (number, job) in jobs.enumerated() {
        let payload = Array(job.split(separator: " ").dropFirst().joined(separator: " ").utf8)
        let message = MosquittoMessage(topic: "jobs/\(number % 4)", payload: payload, qos: .exactlyOnce)
        #expect(try publisher.publishAndWait(message) == .success)
      }
      #expect(try watcher.outcome().lines == jobs)
      let shares = {
        members.map { String(decoding: $0.output, as: UTF8.self).split(separator: "\n").map(String.init) }
      }
      eventually("60 jobs taken") { shares().joined().count >= jobs.count }
      #expect(shares().joined().sorted() == jobs.sorted())
      for share in shares() { #expect(share.count >= 10, "\(shares().map(\.count))") }
      for member in members { member.kill() }
    }
  }

  @Test func leavesTheWorkToWhoeverIsThere() throws {
    try withHub { hub in
      let stayer = try hub.mosquittoClient("stayer")
      #expect(try stayer.subscribeAndWait(to: "$share/workers/jobs", qos: .atLeastOnce).isFailure == false)
      let leaver = try hub.subscribe(["-V", "5", "-q", "1", "-t", "$share/workers/jobs"])
      try hub.waitForSubscriptions(2)
      leaver.kill()
      try hub.waitForSubscriptions(1)
      let publisher = try hub.mosquittoClient("publisher")
      for number in 0..<20 {
        let message = MosquittoMessage(topic: "jobs", payload: [UInt8(number)], qos: .atLeastOnce)
        #expect(try publisher.publishAndWait(message) == .success)
        #expect(try stayer.nextMessage().payload == [UInt8(number)])
      }
    }
  }
}
