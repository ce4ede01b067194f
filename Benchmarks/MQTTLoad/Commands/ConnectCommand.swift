import ArgumentParser

/// `mqtt-load connect`: how fast connections are accepted.
struct ConnectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connect",
    abstract: "Connects as fast as the server accepts it.",
    discussion: "Each connection waits for its CONNACK, says DISCONNECT and waits until the server has closed it.")

  @OptionGroup var server: ServerOptions

  @Option(help: "Connections in all.")
  var connections = 10_000

  @Option(help: "Connections that are being made at a time.")
  var atOnce = 64

  @Flag(help: "Hold the connections; the time ends with the last CONNACK.")
  var hold = false

  func validate() throws {
    guard (1...25_000).contains(connections), (1...1000).contains(atOnce) else {
      throw ValidationError("--connections may be 1 to 25000, --at-once 1 to 1000")
    }
  }

  func run() throws {
    try ServerOptions.run {
      var load = try ConnectLoad(
        ConnectSettings(
          address: try server.address(connections: hold ? connections : atOnce), connections: connections,
          atOnce: atOnce, areHeld: hold))
      let before = LoadClock.processorTime()
      let time = try load.run()
      let busy = (Double(LoadClock.processorTime() - before) / Double(max(1, time)) * 100).rounded() / 100
      print(
        "{\"connections\":\(connections),\"held\":\(hold),\"seconds\":\(Figures.seconds(time)),"
          + "\"rate\":\(Figures.rate(connections, in: time)),\"generator_cpu\":\(busy)}")
    }
  }
}
