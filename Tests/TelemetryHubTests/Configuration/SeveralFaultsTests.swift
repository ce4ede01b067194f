import Testing

@testable import TelemetryHub

/// What is said where a configuration has more than one fault.
@Suite struct SeveralFaultsTests {
  /// A file of several faults and the messages it gives: everything that can be told at once, and nothing that is only
  /// the consequence of another fault.
  static let filesOfSeveralFaults: [(text: String, messages: [String])] = [
    (
      "[storage]\nmemroy = \"1MiB\"\n[http]\nlisten = \"0.0.0.0:80\"\n[limits]\ndead-letters = 0\nmaximum-series = 10\n",
      [
        "f:2: unknown key in [storage]: \"memroy\", did you mean \"memory\"?",
        "f:4: http.listen is 0.0.0.0:80, which other machines can reach, while auth is \"none\";"
          + " allowed: a loopback address such as 127.0.0.1:80",
        "f:6: limits.dead-letters: received \"0\", allowed: a whole number, from 1 to 1000000",
        "f:7: limits.maximum-series-per-device is 1000, more than limits.maximum-series, which is 10",
      ]
    ),
    (
      "[mqtt]\nlisten = \"0.0.0.0:8080\"\n",
      [
        "f:2: mqtt.listen is 0.0.0.0:8080, which other machines can reach, while auth is \"none\";"
          + " allowed: a loopback address such as 127.0.0.1:8080",
        "f:2: mqtt.listen is 0.0.0.0:8080 and http.listen is 127.0.0.1:8080, which can be the same;"
          + " give one another port",
      ]
    ),
    // Of a value that cannot be read nobody knows what it would stand beside.
    (
      "[auth]\nauth = \"requird\"\n[mqtt]\nlisten = \"0.0.0.0:1883\"\n",
      ["f:2: auth.auth: received \"requird\", allowed: one of none, required"]
    ),
    (
      "[mqtt]\nlisten = 5\n[http]\nlisten = \"127.0.0.1:1883\"\n",
      ["f:2: mqtt.listen: received \"5\", allowed: \(ListenAddress.allowed)"]
    ),
    (
      "[mqtt]\nlisten = [1]\n[http]\nlisten = \"127.0.0.1:1883\"\n",
      ["f:2: mqtt.listen: received an array of something else than strings, allowed: \(ListenAddress.allowed)"]
    ),
    (
      "[mqtt]\nlissen = \"127.0.0.1:1884\"\n[http]\nlisten = \"127.0.0.1:1883\"\n",
      ["f:2: unknown key in [mqtt]: \"lissen\", did you mean \"listen\"?"]
    ),
    (
      "[mqt]\nlisten = \"127.0.0.1:1884\"\n[http]\nlisten = \"127.0.0.1:1883\"\n",
      ["f:1: unknown section \"mqt\", did you mean \"mqtt\"?"]
    ),
    (
      "mqtt-listen = \"127.0.0.1:1884\"\n[http]\nlisten = \"127.0.0.1:1883\"\n",
      ["f:1: mqtt-listen stands in no section: write listen under [mqtt]"]
    ),
    (
      "mqtt = \"127.0.0.1:1884\"\n[http]\nlisten = \"127.0.0.1:1883\"\n",
      ["f:1: mqtt is a section: write [mqtt]"]
    ),
    // What is written rightly counts, whatever else looks like it.
    (
      "[mqtt]\nlisten = \"127.0.0.1:1999\"\nlisen = 1\n[http]\nlisten = \"127.0.0.1:1999\"\n",
      [
        "f:3: unknown key in [mqtt]: \"lisen\", did you mean \"listen\"?",
        "f:5: mqtt.listen and http.listen are both 127.0.0.1:1999; give one another port",
      ]
    ),
  ]

  @Test(arguments: filesOfSeveralFaults.indices)
  func everyFaultOfAFileIsToldAtOnce(index: Int) {
    let (text, messages) = Self.filesOfSeveralFaults[index]
    let error = #expect(throws: ConfigurationErrors.self) {
      try ConfigurationLoader(file: ConfigurationFile(path: "f", text: text)).load()
    }
    #expect(error?.errors.map(\.description) == messages)
  }

  @Test func whatGoesBeforeAFaultyValueIsJudged() {
    func messages(file: String, flags: [(key: ConfigurationKey, text: String)]) -> [String] {
      do {
        _ = try ConfigurationLoader(
          flags: flags, environment: ["TELEMETRY_HUB_LOG_LEVEL": "loud"], file: ConfigurationFile(path: "f", text: file)
        ).load()
        return []
      } catch {
        return error.errors.map(\.description)
      }
    }
    let loud =
      "TELEMETRY_HUB_LOG_LEVEL: received \"loud\","
      + " allowed: one of trace, debug, info, notice, warning, error, critical"
    // The flag is read and counts; the file's value is a fault all the same.
    #expect(
      messages(file: "[mqtt]\nlisten = 5\n", flags: [(.mqttListen, "127.0.0.1:8080")]) == [
        "f:2: mqtt.listen: received \"5\", allowed: \(ListenAddress.allowed)", loud,
        "--mqtt-listen: mqtt.listen and http.listen are both 127.0.0.1:8080; give one another port",
      ])
    // The flag counts and cannot be read, so that the file's value does not matter.
    #expect(
      messages(file: "[mqtt]\nlisten = \"127.0.0.1:8080\"\n", flags: [(.mqttListen, "5")]) == [
        loud, "--mqtt-listen: received \"5\", allowed: \(ListenAddress.allowed)",
      ])
  }

  @Test func theDocumentedExampleIsWhatIsSaid() throws {
    let page = try projectFile("docs/configuration.md")
    let text = "[mqtt]\nlisten = \"0.0.0.0:1884\"\n\n[storage]\nmemroy = \"256MiB\"\n"
    let error = #expect(throws: ConfigurationErrors.self) {
      try ConfigurationLoader(file: ConfigurationFile(path: "hub.toml", text: text)).load()
    }
    let messages = error?.errors.map { "telemetry-hub: \($0)\n" } ?? []
    #expect(messages.count == 2)
    #expect(page.contains(messages.joined()))
  }
}
