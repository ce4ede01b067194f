import ArgumentParser

/// `mqtt-load hold`: many connections for a long time.
struct HoldCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold",
    abstract: "Holds connections that send a little, and checks that nothing is lost.",
    discussion: """
      The connections publish in turn to topics of their own, and send PINGREQ; one subscriber receives everything. Progress goes to the standard error. The exit code is 1 where a connection \
      was closed, an acknowledgement is missing or a message was not delivered once.
      """)

  @OptionGroup var server: ServerOptions

  @Option(help: "Connections, besides the subscriber's.")
  var connections = 10_000

  @Option(help: "Messages a second, of all connections together.")
  var rate = 100

  @Option(help: "Quality of service of publishes and subscription: 0, 1 or 2.")
  var qos: UInt8 = 1

  @Option(help: "Seconds.")
  var seconds = 600

  @Option(help: "Seconds between two reports.")
  var reportInterval = 60

  func validate() throws {
    guard (1...25_000).contains(connections) else { throw ValidationError("--connections may be 1 to 25000") }
    guard (1...10_000).contains(rate) else { throw ValidationError("--rate may be 1 to 10000") }
    guard qos <= 2 else { throw ValidationError("--qos is \(qos); 0, 1 and 2 are allowed") }
    guard (1...1_000_000).contains(seconds), (1...seconds).contains(reportInterval) else {
      throw ValidationError("--seconds may be 1 to 1000000, --report-interval 1 to the seconds")
    }
  }

  func run() throws {
    try ServerOptions.run {
      var load = try HoldLoad(
        HoldSettings(
          address: try server.address(connections: connections + 1), connections: connections, rate: rate, qos: qos,
          duration: seconds, reportInterval: reportInterval))
      let counts = try load.run()
      print(counts.json)
      if let complaint = counts.complaint(qos: qos) { throw LoadFailure(complaint) }
    }
  }
}
