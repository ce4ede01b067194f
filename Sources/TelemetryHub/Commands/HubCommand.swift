import ArgumentParser
import HubDatabase

/// `telemetry-hub`: the command line of the hub.
@main
struct HubCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "telemetry-hub",
    abstract: "An MQTT broker that remembers, answers over HTTP, and commands devices.",
    version: HubVersion.current,
    subcommands: [
      ServeCommand.self, ExportCommand.self, ImportCommand.self, BackupCommand.self, CheckConfigCommand.self,
      ConfigReferenceCommand.self,
    ])

  static func main() async {
    Allocator.shareOneHeap()
    await main(nil)
  }
}
