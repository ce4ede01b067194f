import ArgumentParser
import Testing

@testable import TelemetryHub

@Suite struct ConfigurationKeyTests {
  /// A value for every key that is allowed and not the default.
  static let examples: [String: String] = [
    "mqtt.listen": "127.0.0.1:0", "mqtt.maximum-packet-size": "64KiB", "mqtt.connect-timeout": "3s",
    "mqtt.maximum-connections": "77", "mqtt.maximum-keep-alive": "90s", "mqtt.maximum-session-expiry": "2d",
    "mqtt.topic-alias-maximum": "29", "mqtt.validate-payload-format": "true", "mqtt.receive-maximum": "20",
    "mqtt.connection-rate": "21", "mqtt.message-rate": "22", "mqtt.byte-rate": "23KiB",
    "websocket.listen": "127.0.0.1:9001", "websocket.allowed-origins": "https://panel.example:8443,null",
    "websocket.maximum-packet-size": "32KiB", "websocket.maximum-connections": "24",
    "websocket.receive-maximum": "25", "websocket.connection-rate": "26", "websocket.message-rate": "27",
    "websocket.byte-rate": "28KiB",
    "http.listen": "[::1]:0", "http.allowed-hosts": "hub.local,hub", "http.admin-socket": "/srv/a.sock",
    "http.maximum-connections": "12",
    "http.maximum-body": "2MiB",
    "storage.data-dir": "/srv/hub", "storage.memory": "16MiB", "storage.disk": "2GiB",
    "storage.retention": "7d", "storage.retention-1m": "90d", "storage.retention-1h": "730d",
    "storage.commit-interval": "2s", "storage.pending-commit-bytes": "5MiB", "storage.journal": "6MiB",
    "auth.auth": "required",
    "limits.maximum-devices": "11", "limits.maximum-series": "5000", "limits.maximum-series-per-device": "13",
    "limits.dead-letters": "14", "limits.dead-letter-bytes": "8KiB", "limits.maximum-commands": "19",
    "limits.maximum-command-bytes": "1MiB",
    "limits.session-queue-bytes": "2MiB", "limits.maximum-retained-messages": "15",
    "limits.maximum-retained-bytes": "16MiB",
    "limits.maximum-sessions": "30", "limits.session-queue-messages": "17", "limits.connection-output-bytes": "512KiB",
    "limits.total-output-bytes": "8MiB", "limits.total-input-bytes": "9MiB",
    "limits.total-state-bytes": "10MiB", "limits.maximum-subscriptions-per-client": "18",
    "log.level": "debug",
  ]

  @Test func namesAreUnique() {
    #expect(Set(ConfigurationKey.all.map(\.path)).count == ConfigurationKey.all.count)
    #expect(Set(ConfigurationKey.all.map(\.flag)).count == ConfigurationKey.all.count)
    #expect(
      ConfigurationKey.all.map(\.section)
        == ConfigurationSection.allCases.flatMap { section in
          ConfigurationKey.keys(in: section).map(\.section)
        }, "the keys stand in the order of the sections")
  }

  @Test func defaultsAreAllowed() throws {
    for key in ConfigurationKey.all {
      var configuration = HubConfiguration()
      #expect(key.read(key.defaultText, &configuration), "\(key.path) does not allow its own default")
      #expect(configuration == HubConfiguration())
    }
    #expect(HubConfiguration().contradictions(origins: [:]).isEmpty)
  }

  @Test(arguments: ConfigurationKey.all.map(\.path))
  func everyKeyIsAFlagAVariableAndALine(path: String) throws {
    let key = try #require(ConfigurationKey.all.first { $0.path == path })
    // A log has one format so far, so that only its default can be tried.
    let text = Self.examples[path] ?? key.defaultText
    #expect(path == "log.format" || text != key.defaultText)
    var expected = HubConfiguration()
    #expect(key.read(text, &expected))

    let command = try ServeCommand.parse(["--\(key.flag)", text])
    #expect(command.given.map(\.key.path) == [path])
    #expect(command.given.map(\.text) == [text])

    let toml = "[\(key.section.rawValue)]\n\(key.name) = \(key.tomlText(expected))\n"
    let contents = ConfigurationFile(path: "f", text: toml).contents()
    #expect(contents.errors.isEmpty && contents.unreadable.isEmpty)
    #expect(contents.settings.map(\.key.path) == [path])
    #expect(contents.settings.map(\.line) == [2])
    var fromFile = HubConfiguration()
    #expect(key.read(contents.settings.first?.text ?? "", &fromFile) && fromFile == expected)

    guard path != "auth.auth" else { return }
    let loaded = try ConfigurationLoader(environment: [key.environmentVariable: text]).load()
    #expect(loaded.configuration == expected)
    #expect(loaded.origins == [path: .environment(variable: key.environmentVariable)])
  }

  @Test func helpNamesEveryFlagWithItsDefault() {
    let help = String(HubCommand.helpMessage(for: ServeCommand.self, columns: 10_000))
    for key in ConfigurationKey.all {
      #expect(help.contains("--\(key.flag) <\(key.placeholder)>"))
      #expect(help.contains(key.summary))
    }
  }

  @Test func theDocumentationListsEveryKey() throws {
    let page = try projectFile("docs/configuration.md")
    #expect(
      page.contains(ConfigurationReference.markdown),
      "docs/configuration.md differs from what `telemetry-hub config-reference` prints")
  }

  @Test func theInstalledFileShowsTheDefaults() throws {
    let text = try projectFile("systemd/hub.toml")
    let asInstalled = try ConfigurationLoader(file: ConfigurationFile(path: "hub.toml", text: text)).load()
    var installed = HubConfiguration()
    // The one difference: flash is the usual disk.
    installed.storage.commitInterval = .seconds(1)
    #expect(asInstalled.configuration == installed)

    // Its commented lines are settings, too: each is a default, ready to be changed.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let uncommented = lines.map { $0.hasPrefix("#") && !$0.hasPrefix("# ") ? $0.dropFirst() : $0 }
    let file = ConfigurationFile(path: "hub.toml", text: uncommented.joined(separator: "\n"))
    let contents = file.contents()
    #expect(contents.errors.isEmpty)
    #expect(Set(contents.settings.map(\.key.path)) == Set(ConfigurationKey.all.map(\.path)))
    #expect(try ConfigurationLoader(file: file).load().configuration == installed)
  }
}
