import Logging
import Testing

@testable import TelemetryHub

@Suite struct ConfigurationValueTests {
  @Test(arguments: [
    ("0", 0), ("65536", 65_536), ("7B", 7), ("64KiB", 65_536), ("64kib", 65_536), ("64 KiB", 65_536),
    ("1MiB", 1_048_576), ("2GiB", 2_147_483_648), ("1TiB", 1_099_511_627_776), ("3kB", 3_000), ("3MB", 3_000_000),
    ("1GB", 1_000_000_000), ("1tb", 1_000_000_000_000), ("9223372036854775807", Int.max),
  ])
  func sizesAreRead(text: String, bytes: Int) {
    #expect(ByteSize(configurationText: text)?.bytes == bytes)
  }

  @Test(arguments: [
    "", " ", "-1", "+1", "1.5MiB", "64M", "64 MiB ", "MiB", "0x10", "1_000", "9223372036854775808",
    "8388608TiB", "１", "1KiB1",
  ])
  func otherSizesAreRefused(text: String) {
    #expect(ByteSize(configurationText: text) == nil)
  }

  @Test(arguments: [
    ("0s", Duration.zero), ("1ms", .milliseconds(1)), ("1500ms", .milliseconds(1_500)), ("10s", .seconds(10)),
    ("5m", .seconds(300)), ("2h", .seconds(7_200)), ("7d", .seconds(604_800)),
  ])
  func timesAreRead(text: String, duration: Duration) {
    #expect(Duration(configurationText: text) == duration)
  }

  @Test(arguments: ["", "10", "s", "-1s", "1.5s", "1S", "1M", "10 sec", "1h30m", "9223372036854775807d"])
  func otherTimesAreRefused(text: String) {
    #expect(Duration(configurationText: text) == nil)
  }

  @Test(arguments: [
    ("127.0.0.1:1", "127.0.0.1:1", true), ("127.0.0.1:1", "127.0.0.1:2", false), ("127.0.0.1:1", "127.0.0.2:1", false),
    ("localhost:1", "localhost:1", true), ("localhost:1", "127.0.0.1:1", true), ("localhost:1", "[::1]:1", true),
    ("localhost:1", "127.0.0.2:1", false), ("localhost:1", "[::1]:2", false), ("127.0.0.1:1", "[::1]:1", false),
    ("[::1]:1", "[0:0:0:0:0:0:0:1]:1", true), ("[::ffff:127.0.0.1]:1", "127.0.0.1:1", true),
    ("[::ffff:127.0.0.1]:1", "localhost:1", true), ("0.0.0.0:1", "127.0.0.1:1", true),
    ("0.0.0.0:1", "localhost:1", true), ("0.0.0.0:1", "[::1]:1", false), ("[::]:1", "[::1]:1", true),
    ("[::]:1", "10.0.0.1:1", true), ("[::]:1", "0.0.0.0:1", true), ("[::]:1", "0.0.0.0:2", false),
  ])
  func addressesThatMayBeTheSame(first: String, second: String, overlap: Bool) throws {
    let first = try #require(ListenAddress(configurationText: first))
    let second = try #require(ListenAddress(configurationText: second))
    #expect(first.overlaps(second) == overlap)
    #expect(second.overlaps(first) == overlap)
  }

  @Test(arguments: [
    ("127.0.0.1:1883", "127.0.0.1", 1_883, true), ("127.9.8.7:0", "127.9.8.7", 0, true),
    ("localhost:8080", "localhost", 8_080, true), ("[::1]:1883", "::1", 1_883, true),
    ("[::ffff:127.0.0.1]:1", "::ffff:127.0.0.1", 1, true), ("0.0.0.0:65535", "0.0.0.0", 65_535, false),
    ("192.168.1.2:1883", "192.168.1.2", 1_883, false), ("[::]:1883", "::", 1_883, false),
    ("[fe80::1]:1883", "fe80::1", 1_883, false), ("[::ffff:10.0.0.1]:1", "::ffff:10.0.0.1", 1, false),
    ("[::1:1]:1", "::1:1", 1, false), ("[::7f00:1]:1", "::7f00:1", 1, false),
  ])
  func addressesAreRead(text: String, host: String, port: Int, isLoopback: Bool) throws {
    let address = try #require(ListenAddress(configurationText: text))
    #expect(address.host == host)
    #expect(address.port == port)
    #expect(address.isLoopback == isLoopback)
    #expect(address.configurationText == text)
  }

  @Test(arguments: [
    "", ":", "1883", ":1883", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1",
    "127.0.0.1: 1", "127.0.0.1:1883 ", "::1:1883", "[::1]", "[::1:1883", "[::1]1883", "[127.0.0.1]:1", "127.1:1",
    "example.org:1883", "*:1883", "[]:1", "127.0.0.1\u{0}:1", "127.0.0.1:99999999999999999999", "[fe80::1%eth0]:1",
  ])
  func otherAddressesAreRefused(text: String) {
    #expect(ListenAddress(configurationText: text) == nil)
  }

  @Test(arguments: [
    ("", []), (" ", []), ("hub.local", ["hub.local"]),
    ("Hub.Local, 10.0.0.1 ,[::1]", ["hub.local", "10.0.0.1", "[::1]"]),
  ])
  func hostListsAreRead(text: String, hosts: [String]) {
    #expect(HostList(configurationText: text)?.hosts == hosts)
  }

  @Test(arguments: [
    ",", "a,", "a,,b", "http://a", "a:80", "a b", "a/b", "[::1", "[x]", "ä.example", String(repeating: "a", count: 254),
    Array(repeating: "a", count: 65).joined(separator: ","),
  ])
  func otherHostListsAreRefused(text: String) {
    #expect(HostList(configurationText: text) == nil)
  }

  @Test func aDoorMayBeOff() {
    #expect(ListenAddress?(configurationText: "off") == .some(nil))
    #expect(ListenAddress?(configurationText: "[::1]:9001") == ListenAddress(host: "::1", port: 9_001))
    for text in ["", "Off", "on", "9001"] { #expect(ListenAddress?(configurationText: text) == nil) }
    let off: ListenAddress? = nil
    #expect(off.configurationText == "off")
  }

  @Test(arguments: [
    ("", []), ("null", ["null"]), ("HTTPS://Panel.Example", ["https://panel.example"]),
    ("http://localhost:3000, http://[::1]:80 ,app.x://a", ["http://localhost:3000", "http://[::1]:80", "app.x://a"]),
  ])
  func originListsAreRead(text: String, origins: [String]) {
    #expect(OriginList(configurationText: text)?.origins == origins)
  }

  @Test(arguments: [
    ",", "*", "panel.example", "https://", "https://a/", "https://a/b", "https://u@a", "https://a:", "https://a:0",
    "https://a:65536", "https://a:b", "://a", "1s://a", "https://a b", "https:// a", "https://[::1", "https://a,b",
    Array(repeating: "http://a", count: 65).joined(separator: ","),
  ])
  func otherOriginListsAreRefused(text: String) {
    #expect(OriginList(configurationText: text) == nil)
  }

  @Test func wordsAreExact() {
    #expect(AuthMode(configurationText: "none") == AuthMode.none)
    #expect(AuthMode(configurationText: "None") == nil)
    #expect(Logger.Level(configurationText: "debug") == .debug)
    #expect(Logger.Level(configurationText: "loud") == nil)
    #expect(LogFormat(configurationText: "text") == .text)
    #expect(Int(configurationText: "") == nil)
    #expect(Int(configurationText: "-1") == nil)
    #expect(DirectoryPath(configurationText: "") == nil)
  }

  @Test func whatIsWrittenIsReadBack() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<2_000 {
      let magnitude = Int.random(in: 0...62, using: &random)
      let bytes = ByteSize(bytes: Int.random(in: 0...(1 << magnitude), using: &random))
      #expect(ByteSize(configurationText: bytes.configurationText) == bytes)
      let span = Duration.milliseconds(Int.random(in: 0...(1 << min(magnitude, 50)), using: &random))
      #expect(Duration(configurationText: span.configurationText) == span)
    }
  }

  @Test func noTextTraps() {
    let pieces = [
      "[", "]", ":", ",", "1", "9999999999999999999", "::", "KiB", "ms", " ", "\u{0}", "é", "-", ".", "none",
    ]
    var random = SeededGenerator(seed: 11)
    for _ in 0..<5_000 {
      let text = (0..<Int.random(in: 0...6, using: &random))
        .compactMap { _ in pieces.randomElement(using: &random) }.joined()
      for key in ConfigurationKey.all {
        var configuration = HubConfiguration()
        guard key.read(text, &configuration) else {
          #expect(configuration == HubConfiguration(), "a refused text changed something")
          continue
        }
        var again = HubConfiguration()
        #expect(key.read(key.text(configuration), &again) && again == configuration)
      }
    }
  }
}
