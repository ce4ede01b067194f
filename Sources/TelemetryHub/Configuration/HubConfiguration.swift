import Logging

/// Everything the hub can be told, with the built-in defaults.
///
/// The sections are those of the configuration file. `ConfigurationKey.all` is the table that says how each value is
/// written, what is allowed, and what it does; `ConfigurationLoader` fills one of these from file, environment and flags.
struct HubConfiguration: Sendable, Equatable {
  var mqtt = MQTT()
  var websocket = WebSocket()
  var http = HTTP()
  var storage = Storage()
  var auth = Auth()
  var limits = Limits()
  var log = Log()

  /// `[mqtt]`: the MQTT door.
  struct MQTT: Sendable, Equatable {
    var listen = ListenAddress(host: "127.0.0.1", port: 1883)
    var connectTimeout = Duration.seconds(10)
    var maximumKeepAlive = Duration.seconds(65_535)
    var maximumSessionExpiry = Duration.seconds(7 * 86_400)
    var topicAliasMaximum = 16
    var validatesPayloadFormat = false
    var limits = Listener(maximumConnections: 20_000)
  }

  /// `[websocket]`: the door for MQTT over WebSocket.
  struct WebSocket: Sendable, Equatable {
    /// nil where it is off.
    var listen: ListenAddress?
    var allowedOrigins = OriginList([])
    var limits = Listener(maximumConnections: 10_000)
  }

  /// What each door for MQTT limits by itself. A rate of 0 is no limit.
  struct Listener: Sendable, Equatable {
    var maximumPacketSize = ByteSize.kibibytes(256)
    var maximumConnections: Int
    var receiveMaximum = 1_024
    var connectionRate = 0
    var messageRate = 0
    var byteRate = ByteSize(bytes: 0)
  }

  /// `[http]`: the HTTP door.
  struct HTTP: Sendable, Equatable {
    var listen = ListenAddress(host: "127.0.0.1", port: 8080)
    var allowedHosts = HostList([])
    var adminSocket = AdminSocket.automatic
    var maximumConnections = 1_024
    var maximumBody = ByteSize.kibibytes(256)
  }

  /// `[storage]`: what is remembered, and where.
  struct Storage: Sendable, Equatable {
    var dataDirectory = DirectoryPath("/var/lib/telemetry-hub")
    var memory = ByteSize.mebibytes(64)
    var disk = ByteSize.gibibytes(1)
    var retention = Duration.seconds(35 * 86_400)
    var retention1m = Duration.seconds(365 * 86_400)
    var retention1h = Duration.seconds(3_650 * 86_400)
    var commitInterval = Duration.seconds(0)
    var pendingCommitBytes = ByteSize.mebibytes(32)
    var journal = ByteSize.mebibytes(16)
  }

  /// `[auth]`: who is let in.
  struct Auth: Sendable, Equatable {
    var mode = AuthMode.none
  }

  /// `[limits]`: the bounds that keep the hub's memory bounded, whatever its clients do.
  struct Limits: Sendable, Equatable {
    var maximumDevices = 20_000
    var maximumSeries = 200_000
    var maximumSeriesPerDevice = 1_000
    var deadLetters = 256
    var deadLetterBytes = ByteSize.kibibytes(256)
    var maximumRetainedMessages = 100_000
    var maximumRetainedBytes = ByteSize.mebibytes(64)
    var maximumSessions = 100_000
    var sessionQueueMessages = 1_000
    var sessionQueueBytes = ByteSize.mebibytes(4)
    var connectionOutputBytes = ByteSize.mebibytes(1)
    var totalOutputBytes = ByteSize.mebibytes(64)
    var totalInputBytes = ByteSize.mebibytes(64)
    var totalStateBytes = ByteSize.mebibytes(64)
    var maximumSubscriptionsPerClient = 1_000
    var maximumCommands = 10_000
    var maximumCommandBytes = ByteSize.mebibytes(16)
  }

  /// `[log]`: what is written to standard error.
  struct Log: Sendable, Equatable {
    var level = Logger.Level.info
    var format = LogFormat.text
  }
}
