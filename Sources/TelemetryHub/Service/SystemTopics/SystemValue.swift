/// One topic under `$SYS` with what it says.
struct SystemValue: Sendable, Equatable {
  let topic: String
  let payload: String

  /// The topic is given without `$SYS/broker/`.
  init(_ topic: String, _ payload: String) {
    self.topic = "$SYS/broker/\(topic)"
    self.payload = payload
  }
}

extension SystemValue: CustomStringConvertible {
  var description: String { "\(topic) \(payload)" }
}
