import MQTTProtocol

/// Shared subscriptions (MQTT 5.0 §4.8.2): each message to one member of the group, in turn among those connected.
extension BrokerShard {
  /// Gives a message to the member of a group whose turn it is.
  func deliver(
    _ transit: inout MessageInTransit, to group: ShareGroup, _ members: [RouteTarget], except: SubscriberID?,
    count: inout DeliveryCount, at time: BrokerTime
  ) {
    guard let target = Self.turn(of: group, members, except: except) else { return }
    guard target.subscriber.shard == index, let session = session(of: target.subscriber) else {
      post(transit.keep(), to: target, on: target.subscriber.shard, receipt: nil, count: &count)
      return
    }
    deliver(&transit, to: session, target, receipt: nil, count: &count, at: time)
  }

  /// The next connected member, else the next whose session waits for it.
  private static func turn(
    of group: ShareGroup, _ members: [RouteTarget], except: SubscriberID?
  ) -> RouteTarget? {
    guard !members.isEmpty else { return nil }
    let first = group.nextTurn(of: members.count)
    var absent: RouteTarget?
    for step in members.indices {
      let member = members[(first + step) % members.count]
      if member.subscriber.id == except { continue }
      if member.subscriber.isConnected { return member }
      if absent == nil { absent = member }
    }
    return absent
  }

  /// Gives other members what an absent one was to get for `group`, or for any where nil. Where no other is connected
  /// it stays, unless the session ends.
  func handOn(from session: ClientSession, _ group: ShareGroup?, isEnding: Bool, at time: BrokerTime) {
    let (tree, version) = broker.currentSubscriptions()
    adopt(tree, version: version)
    var members: [ObjectIdentifier: [RouteTarget]] = [:]
    let taken = session.outbound.takeShared { queued, share in
      // What has expired goes to nobody new [MQTT-3.3.2-5].
      guard group == nil || share === group, !queued.message.isExpired(at: time) else { return false }
      let others =
        members[ObjectIdentifier(share)]
        ?? tree.members(of: share)
        .filter { $0.subscriber.id != session.subscriber.id }.map { RouteTarget($0) }
      members[ObjectIdentifier(share)] = others
      if isEnding { return !others.isEmpty }
      if others.contains(where: { $0.subscriber.isConnected }) { return true }
      share.keptForAbsentMember()
      return false
    }
    for queued in taken {
      guard let share = queued.share, let others = members[ObjectIdentifier(share)] else { continue }
      var count = DeliveryCount()
      queued.message.inTransit(at: time) {
        deliver(&$0, to: share, others, except: nil, count: &count, at: time)
      }
    }
    account(session)
  }

  /// The same, asked for by another loop.
  func handOn(of subscriber: Subscriber, _ group: ShareGroup, at time: BrokerTime) {
    guard let session = session(of: subscriber), session.connection == nil else { return }
    handOn(from: session, group, isEnding: false, at: time)
  }

  /// Has what waits for absent members of this session's groups handed on: it is connected now.
  func takeWaiting(for session: ClientSession, at time: BrokerTime) {
    let (tree, version) = broker.currentSubscriptions()
    adopt(tree, version: version)
    for entry in session.subscriptions.values {
      guard let group = entry.share, group.takesWaiting() else { continue }
      for member in tree.members(of: group) where !member.subscriber.isConnected {
        if member.subscriber.shard == index {
          handOn(of: member.subscriber, group, at: time)
        } else {
          post(.handOn(member.subscriber, group), to: member.subscriber.shard)
        }
      }
    }
  }
}
