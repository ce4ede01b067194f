/// Every bound of an agent, in one place.
public enum AgentLimits {
  /// A device name: 1 to 64 bytes.
  public static let deviceNameBytes = 64
  /// A metric name: 1 to 128 bytes.
  public static let metricNameBytes = 128
  /// A text value: longer ones are cut here, at a character's edge.
  public static let textValueBytes = 256
  /// Telemetry messages that wait for a connection or an acknowledgement; at the limit the oldest is dropped and
  /// counted.
  public static let queuedMessages = 4096
  /// Bytes of those messages; at the limit the oldest is dropped and counted.
  public static let queuedBytes = 1 << 20
  /// Telemetry messages sent and not yet acknowledged.
  public static let messagesInFlight = 16
  /// The shortest and the longest interval between two readings.
  public static let interval: ClosedRange<Duration> = .milliseconds(100) ... .seconds(86_400)
  /// Bytes read of a file under `/sys` or `/proc`; what follows is not looked at.
  public static let sensorFileBytes = 64 << 10
  /// Interfaces, thermal zones, hwmon chips or inputs looked at, each.
  public static let sensorsPerKind = 64
  /// Bytes of a command message; a longer one is refused unread.
  public static let commandBytes = 64 << 10
  /// Nesting of a command's JSON.
  public static let jsonDepth = 32
  /// Bytes of a command's identifier.
  public static let commandIdentifierBytes = 128
  /// Commands that the journal remembers; while none of them may be forgotten, new ones are rejected.
  public static let journalEntries = 1024
  /// Bytes of a result kept in the journal; a longer one is forgotten, its status is not.
  public static let journaledResultBytes = 1024
  /// Commands asked for at a time.
  public static let commandsPerRequest = 8
  /// Look-ups of the hub's name that may hang at the same time.
  public static let hangingResolutions = 4
}
