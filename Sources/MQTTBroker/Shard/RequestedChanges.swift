import MQTTProtocol

/// What one SUBSCRIBE changes: each filter once, as it stands last, however often it is repeated, because all loops wait
/// while the tree changes.
struct RequestedChanges {
  var all: [Broker.SubscriptionChange] = []
  /// By filter, shared ones with their group.
  private var places: [[UInt8]: Int] = [:]

  /// Whether retained messages were asked for already.
  func wantsRetained(_ key: [UInt8]) -> Bool { places[key].map { all[$0].wantsRetained } ?? false }

  mutating func set(_ change: Broker.SubscriptionChange, key: [UInt8]) {
    guard let place = places[key] else {
      places[key] = all.count
      all.append(change)
      return
    }
    let wantsRetained = change.wantsRetained || all[place].wantsRetained
    all[place] = change
    all[place].wantsRetained = wantsRetained
  }
}
