/// The topics under `$SYS` and how their values are written: the names and formats of Mosquitto 2.0 (mosquitto(8),
/// "Broker Status"), for the dashboards and checks that read them.
enum SystemTree {
  /// Every topic that has a value, with it.
  static func values(version: String, _ snapshot: SystemSnapshot, _ load: SystemLoad) -> [SystemValue] {
    [
      SystemValue("version", "telemetry-hub version \(version)"),
      SystemValue("uptime", "\(snapshot.uptime) seconds"),
    ] + counts(snapshot).compactMap { topic, count in count.map { SystemValue(topic, "\($0)") } }
      + loads(load)
  }

  private static func counts(_ snapshot: SystemSnapshot) -> [(topic: String, count: Int?)] {
    [
      ("clients/total", snapshot.clientsConnected + snapshot.clientsDisconnected),
      ("clients/connected", snapshot.clientsConnected),
      ("clients/active", snapshot.clientsConnected),
      ("clients/disconnected", snapshot.clientsDisconnected),
      ("clients/inactive", snapshot.clientsDisconnected),
      ("clients/maximum", snapshot.clientsMaximum),
      ("clients/expired", snapshot.sessionsExpired),
      ("messages/received", snapshot.packetsReceived),
      ("messages/sent", snapshot.packetsSent),
      ("messages/stored", snapshot.storedMessages),
      ("store/messages/count", snapshot.storedMessages),
      ("store/messages/bytes", snapshot.storedBytes),
      ("retained messages/count", snapshot.retainedMessages),
      ("subscriptions/count", snapshot.subscriptions),
      ("shared_subscriptions/count", snapshot.sharedSubscriptions),
      ("publish/messages/received", snapshot.publishesReceived),
      ("publish/messages/sent", snapshot.publishesSent),
      ("publish/messages/dropped", snapshot.publishesDropped),
      ("publish/bytes/received", snapshot.publishBytesReceived),
      ("publish/bytes/sent", snapshot.publishBytesSent),
      ("bytes/received", snapshot.bytesReceived),
      ("bytes/sent", snapshot.bytesSent),
      ("heap/current", snapshot.heapBytes),
    ]
  }

  private static func loads(_ load: SystemLoad) -> [SystemValue] {
    SystemLoad.Measure.allCases.flatMap { measure in
      let average = load[measure]
      return [("1min", average.oneMinute), ("5min", average.fiveMinutes), ("15min", average.fifteenMinutes)].map {
        SystemValue("load/\(measure.rawValue)/\($0.0)", twoDecimals($0.1))
      }
    }
  }

  /// A number that is not negative, with two decimals; far beyond any count it says the largest it can.
  static func twoDecimals(_ value: Double) -> String {
    let hundredths = Int(exactly: (value * 100).rounded(.toNearestOrEven)) ?? .max
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
