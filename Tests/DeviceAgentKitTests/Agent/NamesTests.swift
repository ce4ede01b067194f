import DeviceAgentKit
import Testing

@Suite("Names and addresses")
struct NamesTests {
  static let addresses: [(String, HubAddress?)] = [
    ("localhost", HubAddress(host: "localhost")), ("127.0.0.1:1884", HubAddress(host: "127.0.0.1", port: 1884)),
    ("[::1]", HubAddress(host: "::1")), ("[fe80::1%eth0]:1", HubAddress(host: "fe80::1%eth0", port: 1)),
    ("hub.local:65535", HubAddress(host: "hub.local", port: 65535)), ("", nil), (":1883", nil), ("h:", nil),
    ("h:0", nil),
    ("h:65536", nil), ("h:-1", nil), ("h:+1", nil), ("h:1x", nil), ("::1", nil), ("[::1", nil), ("[]:1", nil),
    ("[::1]x", nil), ("[h]:1", nil), ("a b:1", nil), ("mqtt://h:1", nil), ("h:1:2", nil),
  ]

  @Test("Hub addresses", arguments: addresses)
  func address(_ row: (text: String, address: HubAddress?)) {
    #expect(HubAddress(text: row.text) == row.address)
    if let address = row.address { #expect(HubAddress(text: address.description) == address) }
  }

  static let devices: [(String, Bool)] = [
    ("a", true), ("pi-4.local:1_A", true), (String(repeating: "x", count: 64), true), ("...", true), ("", false),
    (String(repeating: "x", count: 65), false), ("me", false), (".", false), ("..", false), ("a/b", false),
    ("a b", false),
    ("é", false), ("a+", false), ("#", false), ("a\0", false),
  ]

  @Test("Device names", arguments: devices)
  func device(_ row: (name: String, isValid: Bool)) {
    #expect(DeviceName.isValid(row.name) == row.isValid)
    #expect(DeviceName.isValid(DeviceName.valid(row.name)))
    if row.isValid { #expect(DeviceName.valid(row.name) == row.name) }
  }

  @Test("Answers go to the device's own topics only")
  func replies() {
    let topics = DeviceTopics(device: "d")
    #expect(topics.contains("v1/devices/d/commands/7/result"))
    for topic in ["v1/devices/other/x", "v1/devices/d", "x", "", "v1/devices/d/+", "v1/devices/d/#", "v1/devices/dd/x"]
    {
      #expect(!topics.contains(topic))
    }
  }

  @Test("The hub's time, once known, is carried on by the clock that never jumps")
  func hubTime() {
    var time = HubTime()
    let now = Moment(sinceBoot: .seconds(10), unixMilliseconds: 5)
    #expect(time.unixMilliseconds(at: now) == 5)
    time.received(unixMilliseconds: 3, at: now)
    time.received(unixMilliseconds: .max, at: now)
    #expect(time.unixMilliseconds(at: now) == 5)
    time.received(unixMilliseconds: 1_700_000_000_000, at: now)
    let later = Moment(sinceBoot: .seconds(12), unixMilliseconds: 99_999_999_999_999)
    #expect(time.unixMilliseconds(at: later) == 1_700_000_002_000)
    #expect(time.unixMilliseconds(at: Moment(sinceBoot: .zero, unixMilliseconds: 1)) == 1_700_000_000_000)
  }
}
