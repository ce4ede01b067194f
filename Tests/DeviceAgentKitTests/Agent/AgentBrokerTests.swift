import DeviceAgentKit
import Glibc
import MosquittoClient
import Synchronization
import Testing

@Suite("An agent and a real broker", .enabled(if: MosquittoBroker.isInstalled, "needs /usr/sbin/mosquitto"))
struct AgentBrokerTests {
  private let broker: MosquittoBroker
  private let hub: HubHalf
  private let directory = TestDirectory()
  private let board = TestBoard.raspberryPi4()
  private let topics = DeviceTopics(device: "pi")

  init() throws {
    broker = try MosquittoBroker()
    hub = try HubHalf(broker)
  }

  private var configuration: AgentConfiguration {
    var configuration = AgentConfiguration(device: "pi")
    configuration.hub = HubAddress(host: "127.0.0.1", port: broker.port)
    configuration.interval = .milliseconds(100)
    configuration.stateDirectory = directory.path
    configuration.files = board.files
    configuration.firmware = "test 1"
    configuration.log = StandardErrorLog(level: .error, isJournal: false)
    return configuration
  }

  @Test("From online to offline: status, facts, readings, a question, a command, goodbye")
  func life() throws {
    let agent = try RunningAgent(configuration) { $0.addBuiltInSensors() }
    #expect(try hub.nextText(topics.status) == "online")
    let facts = try hub.nextValue(topics.attributes)
    #expect(facts["model"] == "Raspberry Pi 4 Model B Rev 1.4")
    #expect(facts["firmware"] == "test 1")
    #expect(facts["processors"] == 2)
    #expect(facts["units"]?["temperature.cpu-thermal"] == "°C")
    #expect(facts["commands"] == ["identify", "ping", "read-now", "set-interval", "system-info"])
    let reading = try hub.nextValue(topics.telemetry)
    #expect(reading["boot"] == "d3136ab1-4eab-4561-b12d-e58b056ac298")
    #expect(reading["values"]?["temperature.cpu-thermal"] == 48.199)
    let before = SystemClock.now().unixMilliseconds
    #expect(reading["ts"]?.integer.map { abs($0 - before) < 60_000 } == true)
    #expect(try hub.nextValue(topics.nextCommand) == ["max": 8, "wait_s": 0])

    try hub.send(topics.commands, #"{"id":"c1","name":"ping"}"#)
    #expect(try hub.nextValue(topics.result(of: "c1")) == ["status": "accepted"])
    let pong = try hub.nextValue(topics.result(of: "c1"))
    #expect(pong["status"] == "succeeded")
    #expect(pong["result"]?["time"]?.integer != nil)

    let reply = ReplyAddress(topic: topics.result(of: "c2"), correlationData: [7, 7])
    try hub.send(topics.commands, #"{"id":"c2","name":"explode"}"#, replyTo: reply)
    let rejection = try hub.next(topics.result(of: "c2"))
    #expect(rejection.properties.correlationData == [7, 7])
    #expect(try JSONReader.value(rejection.payload)["status"] == "rejected")

    agent.terminate()
    #expect(try hub.nextText(topics.status) == "offline")
    #expect(agent.wait(within: .seconds(5)) == .success)
  }

  @Test("Its own commands do what they say")
  func builtIn() throws {
    let agent = try RunningAgent(configuration) { $0.addBuiltInSensors() }
    try hub.next(topics.nextCommand)
    try hub.send(topics.commands, #"{"id":"a","name":"set-interval","arguments":{"interval":"1d"}}"#)
    try hub.next(topics.result(of: "a"))
    #expect(
      try hub.nextValue(topics.result(of: "a"))["result"] == ["interval_ms": 86_400_000, "previous_ms": 100])
    #expect(try hub.nextValue(topics.attributes)["interval_ms"] == 86_400_000)
    // From here on only `read-now` reads.
    board.write("50000\n", DamagedFilesTests.zone)
    try hub.send(topics.commands, #"{"id":"b","name":"read-now"}"#)
    try hub.next(topics.result(of: "b"))
    #expect(try hub.nextValue(topics.result(of: "b"))["result"]?["values"]?["temperature.cpu-thermal"] == 50.0)
    #expect(try hub.nextValue(topics.telemetry)["values"]?["temperature.cpu-thermal"] == 50.0)
    try hub.send(topics.commands, #"{"id":"c","name":"identify","arguments":{"seconds":300}}"#)
    try hub.next(topics.result(of: "c"))
    #expect(try hub.nextValue(topics.result(of: "c"))["result"] == ["light": "ACT", "seconds": 300])
    try hub.send(topics.commands, #"{"id":"d","name":"system-info"}"#)
    try hub.next(topics.result(of: "d"))
    let information = try hub.nextValue(topics.result(of: "d"))["result"]
    #expect(information?["messages"]?["dropped"] == 0)
    #expect(information?["kernel"] == "6.1.0-rpi7-rpi-v8")
    for (id, command) in [
      ("e", #""name":"set-interval","arguments":{"interval":"1ms"}"#), ("f", #""name":"set-interval""#),
      ("g", #""name":"identify","arguments":{"seconds":0}"#),
    ] {
      try hub.send(topics.commands, "{\"id\":\"\(id)\",\(command)}")
      try hub.next(topics.result(of: id))
      #expect(try hub.nextValue(topics.result(of: id))["status"] == "rejected")
    }
    agent.terminate()
    #expect(agent.wait(within: .seconds(5)) == .success)
    // The light is given back.
    #expect(directory.path != board.directory.path)
    #expect(board.directory.read("sys/class/leds/ACT/trigger") == Array("mmc0".utf8))
  }

  /// Counts across agents.
  private final class Counter: Sendable {
    private let number = Mutex(0)
    func add() -> Int64 {
      number.withLock {
        $0 += 1
        return Int64($0)
      }
    }
  }

  @Test("A command runs once, though it is sent again to the agent and to its successor")
  func atMostOnce() throws {
    let counter = Counter()
    let handler: @Sendable (Agent) -> Void = { agent in
      agent.offer(CommandHandler("count", mayTakeLong: true) { _ in .integer(counter.add()) })
    }
    let command = #"{"id":"once","name":"count"}"#
    for run in 0..<2 {
      let agent = try RunningAgent(configuration, prepare: handler)
      try hub.next(topics.nextCommand)
      if run == 0 {
        try hub.send(topics.nextCommandResponse, "{\"commands\":[\(command)],\"time\":1700000000000}")
        #expect(try hub.nextValue(topics.result(of: "once"))["status"] == "accepted")
        #expect(try hub.nextValue(topics.result(of: "once"))["status"] == "running")
      } else {
        try hub.send(topics.nextCommandResponse, "{\"commands\":[\(command)]}")
      }
      #expect(try hub.nextValue(topics.result(of: "once")) == ["status": "succeeded", "result": 1])
      try hub.send(topics.commands, command)
      #expect(try hub.nextValue(topics.result(of: "once")) == ["status": "succeeded", "result": 1])
      agent.terminate()
      #expect(agent.wait(within: .seconds(5)) == .success)
    }
    #expect(counter.add() == 2)
  }

  @Test("A device whose clock is wrong goes by the hub's: what is too late is not run")
  func hubTime() throws {
    let agent = try RunningAgent(configuration)
    try hub.next(topics.nextCommand)
    try hub.send(topics.nextCommandResponse, #"{"commands":[],"time":4000000000000}"#)
    try hub.send(topics.commands, #"{"id":"late","name":"ping","not_after":3999999999999}"#)
    #expect(try hub.nextValue(topics.result(of: "late"))["error"]?.string?.hasPrefix("expired") == true)
    try hub.send(topics.commands, #"{"id":"timely","name":"ping","not_after":4000000060000}"#)
    #expect(try hub.nextValue(topics.result(of: "timely"))["status"] == "accepted")
    agent.terminate()
    #expect(agent.wait(within: .seconds(5)) == .success)
  }

  @Test("When its connection is cut, its will speaks, and it comes back")
  func will() throws {
    let agent = try RunningAgent(configuration)
    #expect(try hub.nextText(topics.status) == "online")
    // Who takes over a session cuts the connection of the one who had it.
    let thief = try MosquittoClient(
      MosquittoConnectOptions(host: "127.0.0.1", port: broker.port, clientIdentifier: "pi"))
    try thief.connectAndWait()
    #expect(try hub.nextText(topics.status) == "offline")
    #expect(try hub.nextText(topics.status) == "online")
    agent.terminate()
    #expect(agent.wait(within: .seconds(5)) == .success)
  }

  @Test("While the broker is away readings wait, and none is lost")
  func outage() throws {
    let agent = try RunningAgent(configuration) { $0.addBuiltInSensors() }
    for _ in 0..<3 { try hub.next(topics.telemetry) }
    broker.kill()
    // Long enough for readings to pile up.
    let deadline = ContinuousClock.now + .milliseconds(700)
    while ContinuousClock.now < deadline { poll(nil, 0, 10) }
    try broker.start()
    let again = try HubHalf(broker)
    var numbers: [Int64] = []
    while numbers.count < 12 {
      let number = try again.nextValue(topics.telemetry)["seq"]?.integer ?? 0
      // A message whose acknowledgement was cut off comes twice.
      if number != numbers.last { numbers.append(number) }
    }
    #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 }, "\(numbers)")
    try again.send(topics.commands, #"{"id":"i","name":"system-info"}"#)
    try again.next(topics.result(of: "i"))
    let counters = try again.nextValue(topics.result(of: "i"))["result"]?["messages"]
    #expect(counters?["dropped"] == 0)
    #expect(counters?["disconnects"] == 1)
    agent.terminate()
    #expect(agent.wait(within: .seconds(5)) == .success)
  }

  @Test("One run: publish, ask, run, report, leave")
  func once() throws {
    var configuration = configuration
    configuration.mode = .once
    let agent = try RunningAgent(configuration) { $0.addBuiltInSensors() }
    #expect(try hub.nextText(topics.status) == "online")
    let reading = try hub.nextValue(topics.telemetry)
    #expect(reading["values"]?["cpu.load"] == 20.11)
    try hub.next(topics.nextCommand)
    try hub.send(topics.nextCommandResponse, #"{"commands":[{"id":"o","name":"ping"}],"retry_after_s":30}"#)
    try hub.next(topics.result(of: "o"))
    #expect(try hub.nextValue(topics.result(of: "o"))["status"] == "succeeded")
    #expect(try hub.nextText(topics.status) == "offline")
    #expect(agent.wait(within: .seconds(5)) == .success)
    broker.kill()
    let lonely = try RunningAgent(configuration)
    #expect(lonely.wait(within: .seconds(5)) == .hubUnreachable)
  }

  @Test("A state directory that another holds is refused with its own exit code")
  func stateDirectory() throws {
    let held = try StateDirectory(directory.file("pi"))
    let agent = try RunningAgent(configuration)
    #expect(agent.wait(within: .seconds(5)) == .stateDirectory)
    withExtendedLifetime(held) {}
  }
}
