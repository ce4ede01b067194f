import MosquittoClient
import Testing

/// Sessions that outlive connections, with mosquitto's clients and libmosquitto.
@Suite struct PersistentSessionTests {
  @Test(arguments: ["311", "5"], [1, 2])
  func queuesForMosquittoWhileItIsAway(version: String, qos: Int) throws {
    try withHub { hub in
      let session = ["-V", version, "-c", "-i", "lasting", "-q", "\(qos)", "-t", "log"]
      // -E: subscribes and leaves.
      #expect(try hub.subscribe(session + ["-E"]).outcome().ending == .exit(0))
      let lines = (1...100).map { "message \($0)" }
      let directory = try TemporaryDirectory()
      let file = try directory.write(lines.joined(separator: "\n").utf8, to: "lines")
      try run(
        "mosquitto_pub",
        ["-h", "127.0.0.1", "-p", "\(hub.mqttPort)", "-V", version, "-q", "\(qos)", "-t", "log", "-l"], input: file)
      let back = try hub.subscribe(session + ["-C", "100", "-F", "%q %p"]).outcome()
      #expect(back.lines == lines.map { "\(qos) \($0)" })
    }
  }

  @Test(arguments: ["311", "5"])
  func goesOnAfterAKill(version: String) throws {
    try withHub { hub in
      var seen: [String] = []
      var published = 0
      func publish(_ count: Int) throws {
        for number in published..<published + count {
          try hub.mosquittoPublish("-q", "1", "-t", "log", "-m", "message \(number).")
        }
        published += count
      }
      for round in 0..<3 {
        let subscriber = try hub.subscribe(["-V", version, "-c", "-i", "lasting", "-q", "1", "-t", "log"])
        try hub.waitForSubscriptions(1)
        try publish(10)
        eventually("the messages of round \(round)") {
          String(decoding: subscriber.output, as: UTF8.self).contains("message \(published - 1).")
        }
        subscriber.kill()
        seen += try subscriber.outcome().lines
        // For the next round, in the session's queue.
        if round < 2 { try publish(5) }
      }
      // At least once: of what came twice, the first counts.
      var known: Set<String> = []
      #expect(seen.filter { known.insert($0).inserted } == (0..<published).map { "message \($0)." })
    }
  }

  @Test(arguments: MosquittoProtocolVersion.allCases)
  func resumesForLibmosquitto(version: MosquittoProtocolVersion) throws {
    try withHub { hub in
      var options = MosquittoConnectOptions(host: "127.0.0.1", port: hub.mqttPort, clientIdentifier: "lasting")
      options.protocolVersion = version
      options.cleanStart = false
      options.sessionExpiry = version == .v5 ? 300 : nil
      let publisher = try hub.mosquittoClient("publisher")
      let first = try MosquittoClient(options)
      #expect(try first.connectAndWait() == false)
      #expect(try first.subscribeAndWait(to: "orders/+", qos: .exactlyOnce) == MosquittoReasonCode(rawValue: 2))
      first.disconnectAndWait()
      for round in 0..<3 {
        for number in 0..<20 {
          let qos: MosquittoQoS = number.isMultiple(of: 2) ? .exactlyOnce : .atLeastOnce
          let message = MosquittoMessage(
            topic: "orders/\(qos.rawValue)", payload: [UInt8(round), UInt8(number)], qos: qos)
          #expect(try publisher.publishAndWait(message).isFailure == false)
        }
        let again = try MosquittoClient(options)
        #expect(try again.connectAndWait())
        var received: [MosquittoQoS: [[UInt8]]] = [:]
        for _ in 0..<20 {
          let message = try again.nextMessage()
          received[message.qos, default: []].append(message.payload)
        }
        #expect(received[.atLeastOnce] == (0..<10).map { [UInt8(round), UInt8(2 * $0 + 1)] })
        #expect(received[.exactlyOnce] == (0..<10).map { [UInt8(round), UInt8(2 * $0)] })
        again.disconnectAndWait()
      }
      options.cleanStart = true
      options.sessionExpiry = nil
      #expect(try MosquittoClient(options).connectAndWait() == false)
    }
  }
}
