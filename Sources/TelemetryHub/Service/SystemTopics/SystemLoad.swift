/// The moving averages under `$SYS/broker/load/`.
struct SystemLoad: Sendable, Equatable {
  /// What is averaged; the raw value is its part of the topic.
  enum Measure: String, CaseIterable, Sendable {
    case messagesReceived = "messages/received"
    case messagesSent = "messages/sent"
    case publishDropped = "publish/dropped"
    case publishReceived = "publish/received"
    case publishSent = "publish/sent"
    case bytesReceived = "bytes/received"
    case bytesSent = "bytes/sent"
    case sockets = "sockets"
    case connections = "connections"

    /// What has been counted since the start.
    func counter(in snapshot: SystemSnapshot) -> Int {
      switch self {
      case .messagesReceived: snapshot.packetsReceived
      case .messagesSent: snapshot.packetsSent
      case .publishDropped: snapshot.publishesDropped
      case .publishReceived: snapshot.publishesReceived
      case .publishSent: snapshot.publishesSent
      case .bytesReceived: snapshot.bytesReceived
      case .bytesSent: snapshot.bytesSent
      case .sockets: snapshot.socketsOpened
      case .connections: snapshot.connectsReceived
      }
    }
  }

  private let start: LoadAverage
  private var averages: [Measure: LoadAverage] = [:]

  /// Everything at rest at the start. Milliseconds of a clock that never jumps.
  init(startedAt time: Int64) {
    start = LoadAverage(at: time)
  }

  /// Takes in what has been counted since the last time.
  mutating func update(_ snapshot: SystemSnapshot, at time: Int64) {
    for measure in Measure.allCases {
      averages[measure, default: start].update(counter: measure.counter(in: snapshot), at: time)
    }
  }

  subscript(_ measure: Measure) -> LoadAverage { averages[measure] ?? start }
}
