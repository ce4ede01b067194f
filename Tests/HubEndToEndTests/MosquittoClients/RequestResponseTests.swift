import MosquittoClient
import Testing

/// Response Topic, Correlation Data and User Property (MQTT 5.0 §4.10), asked by mosquitto_rr, answered by libmosquitto.
@Suite struct RequestResponseTests {
  @Test(arguments: [0, 1, 2])
  func carriesCorrelationAndUserProperties(qos: Int) throws {
    try withHub { hub in
      let responder = try hub.mosquittoClient("responder")
      #expect(try responder.subscribeAndWait(to: "service/+", qos: .exactlyOnce).isFailure == false)
      for number in 0..<3 {
        let request = try ChildProcess(
          "mosquitto_rr",
          hub.mosquittoAddress + [
            "-V", "5", "-W", "20", "-q", "\(qos)", "-t", "service/double", "-e", "replies/\(number)", "-m", "\(number)",
            "-D", "publish", "correlation-data", "request \(number)", "-D", "publish", "user-property", "unit", "°C",
            "-F", "%p %D %P",
          ])
        let asked = try responder.nextMessage(within: .seconds(20))
        #expect(asked.qos.rawValue == Int32(qos))
        #expect(asked.properties.responseTopic == "replies/\(number)")
        var answer = MosquittoMessage(
          topic: try #require(asked.properties.responseTopic), payload: Array("\(2 * number)".utf8), qos: asked.qos)
        answer.properties.correlationData = asked.properties.correlationData
        answer.properties.userProperties = asked.properties.userProperties
        #expect(try responder.publishAndWait(answer) == .success)
        let outcome = try request.outcome()
        #expect(outcome.ending == .exit(0), "\(outcome.errors)")
        #expect(outcome.lines == ["\(2 * number) request \(number) unit:°C"])
      }
    }
  }
}
