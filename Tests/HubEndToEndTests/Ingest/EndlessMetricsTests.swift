import DeviceAgentKit
import MQTTProtocol
import Testing

/// A device that makes up a new name for every value.
@Suite struct EndlessMetricsTests {
  @Test func costsTheOthersNothingAndIsNamed() throws {
    try withHub(["--memory", "4MiB"]) { hub in
      let neighbour = try Neighbour(hub)
      try neighbour.expectToBeServed(1)
      let culprit = try MQTTPeer.connected(hub.mqttPort, "culprit")
      var resident = 0
      // A million names.
      for part in 0..<100 {
        let values = (0..<10_000).map { #""m\#(part * 10_000 + $0)":\#($0)"# }
        #expect(try culprit.publish("v1/devices/me/telemetry", "{\(values.joined(separator: ","))}") == .success)
        if part == 9 {
          resident = try hub.residentBytes()
          try hub.resetPeak()
        }
        if part % 20 == 0 { try neighbour.expectToBeServed(2 + part) }
      }
      // What the first hundred thousand cost is all that it costs, but for what allocators keep.
      #expect(try hub.peakResidentBytes() < resident + 32 << 20)
      #expect(try hub.metric(#"telemetry_hub_values_without_series_total{device="culprit"}"#) == 999_000)
      #expect(try hub.metric("telemetry_hub_series") == 1_001)
      // Those that it has go on.
      #expect(try culprit.publish("v1/devices/me/telemetry", #"{"m7":7.5,"m999999":1}"#) == .success)
      #expect(try hub.latest("culprit", "m7") == 7.5)
      try neighbour.expectToBeServed(1_000)
    }
  }
}
