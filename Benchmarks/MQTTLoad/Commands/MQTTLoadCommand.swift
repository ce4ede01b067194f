import ArgumentParser

/// `mqtt-load`: load for an MQTT server from one thread, light enough not to be what is measured.
@main
struct MQTTLoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mqtt-load",
    abstract: "Puts load on an MQTT server and counts what comes back.",
    discussion:
      "One thread, MQTT 3.1.1. Prints one JSON object. The exit code is 1 where something cannot be measured.",
    subcommands: [PublishCommand.self, ConnectCommand.self, HoldCommand.self])
}
