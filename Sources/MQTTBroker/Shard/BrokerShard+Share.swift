import MQTTProtocol

/// Shared subscriptions (MQTT 5.0 §4.8.2): each message to one member of the group, in turn among those connected.
extension BrokerShard {
  /// Gives a message to the member of a group whose turn it is.
  func deliver(
    _ transit: inout MessageInTransit, to group: ShareGroup, _ members: [RouteTarget], count: inout DeliveryCount,
    at time: BrokerTime
  ) {
    guard let target = Self.turn(of: group, members) else { return }
    if target.subscriber.shard == index, let session = session(of: target.subscriber) {
      deliver(&transit, to: session, target, receipt: nil, count: &count, at: time)
    } else {
      post(transit.keep(), to: target, on: target.subscriber.shard, receipt: nil, count: &count)
    }
  }

  /// The next connected member, else the next whose session waits for it: QoS 0 waits for nobody.
  private static func turn(of group: ShareGroup, _ members: [RouteTarget]) -> RouteTarget? {
    guard !members.isEmpty else { return nil }
    let first = group.nextTurn(of: members.count)
    var absent: RouteTarget?
    for step in members.indices {
      let place = first + step
      let member = members[place < members.count ? place : place - members.count]
      if member.subscriber.isConnected { return member }
      if absent == nil, member.qos != .atMostOnce { absent = member }
    }
    return absent
  }

  /// Gives a message that came for a member of a group to another one where that has gone away meanwhile. False where it
  /// has not, or nobody else is there.
  func deliverToConnected(_ message: StoredMessage, insteadOf target: RouteTarget, at time: BrokerTime) -> Bool {
    guard let group = target.share, message.qos != .atMostOnce, !target.subscriber.isConnected else { return false }
    refreshSubscriptions()
    let members = subscriptions.members(of: group)
    // Asked first, because a turn that comes to nothing would be somebody's.
    guard members.contains(where: { $0.subscriber.isConnected }), let other = Self.turn(of: group, members) else {
      return false
    }
    give(message, to: other, at: time)
    return true
  }

  /// Gives a message to its group once more: the session of the member whose turn it was has ended, and with that its
  /// subscription, so that the next turn is another's.
  func deliverAgain(_ message: StoredMessage, to group: ShareGroup, count: inout DeliveryCount, at time: BrokerTime) {
    refreshSubscriptions()
    let members = subscriptions.members(of: group)
    message.inTransit(at: time) { deliver(&$0, to: group, members, count: &count, at: time) }
  }
}
