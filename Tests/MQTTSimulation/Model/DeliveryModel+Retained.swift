import MQTTProtocol

/// What may be the retained message of one topic.
struct RetainedTopic {
  /// One of these; nil, and a message that clears, stand for none.
  var possible: [ModelMessage?] = [nil]
  /// On their way in: they may take the place at any moment.
  var pending: [ModelMessage] = []
  /// Those of them whose connection is gone, with the moment of that.
  var abandoned: [(message: ModelMessage, at: Int64)] = []
  /// How often it changed.
  var changes = 0
  /// `changes` when each of `pending` came.
  var changesAtBegin: [Int: Int] = [:]

  /// The message, where there is exactly one that it can be.
  var certain: ModelMessage? {
    guard pending.isEmpty, possible.count == 1, let only = possible[0], !only.isClear else { return nil }
    return only
  }
}

extension DeliveryModel {
  /// A retained message was taken at once.
  func setRetained(_ message: ModelMessage) {
    guard message.retain else { return }
    beginRetained(message)
    finishRetained(message)
  }

  /// A retained message came in and takes its place from now on, or a little later.
  func beginRetained(_ message: ModelMessage) {
    guard message.retain else { return }
    if retained[message.topic] == nil { retainedNames.append(message.topic) }
    message.retainedFrom = message.retainedFrom ?? step
    message.retainedUntil = nil
    var topic = retained[message.topic] ?? RetainedTopic()
    for case .some(let former) in topic.possible + topic.pending { former.mayBeReplaced = true }
    message.mayBeReplaced = false
    topic.pending.append(message)
    topic.changesAtBegin[message.id] = topic.changes
    retained[message.topic] = topic
  }

  /// It has its place by now.
  func finishRetained(_ message: ModelMessage) {
    guard message.retain, var topic = retained[message.topic] else { return }
    recentlyRetained[message.topic, default: []].append(message)
    topic.pending.removeAll { $0 === message }
    topic.abandoned.removeAll { $0.message === message }
    let isAlone = topic.changesAtBegin[message.id] == topic.changes
    topic.changes += 1
    if isAlone {
      for case .some(let former) in topic.possible where former !== message && !limitsRetained {
        if !topic.pending.contains(where: { $0 === former }) { former.retainedUntil = step }
      }
      topic.possible = [message]
    } else {
      topic.possible.append(message)
    }
    retained[message.topic] = topic
  }

  /// Its connection ended before it was acknowledged: it may be taken, or not.
  func abandonRetained(_ message: ModelMessage) { retained[message.topic]?.abandoned.append((message, now)) }

  /// Nobody knows any more whether it was taken.
  func forgetRetained(_ message: ModelMessage) {
    guard message.retain else { return }
    retained[message.topic]?.pending.removeAll { $0 === message }
    retained[message.topic]?.possible.append(message)
    retained[message.topic]?.changes += 1
    recentlyRetained[message.topic, default: []].append(message)
  }

  func settleRetained(after: Int64 = settledAfter) {
    for name in retainedNames {
      guard let topic = retained[name], !topic.abandoned.isEmpty else { continue }
      for (message, time) in topic.abandoned where now > time + after {
        retained[name]?.pending.removeAll { $0 === message }
        retained[name]?.possible.append(message)
        retained[name]?.changes += 1
      }
      retained[name]?.abandoned.removeAll { now > $0.at + after }
    }
  }

  /// What a new subscription certainly brings at this moment.
  func certainlyRetained(for subscription: ModelSubscription, client: Int) -> [ModelMessage] {
    guard subscription.mustBringRetained, !limitsRetained else { return [] }
    return retainedNames.compactMap { name in
      guard topics.matches(subscription.topicFilter, name), let message = retained[name]?.certain,
        !(subscription.noLocal && message.publisher == client)
      else { return nil }
      return message
    }
  }

  /// What was retained later came by the subscription itself, and does not come a second time; but at QoS 0 it may
  /// have been lost on a client that is slow or away.
  private func isBroughtByRetaining(
    _ message: ModelMessage, _ from: Int, _ subscription: ModelSubscription
  ) -> Bool {
    if from <= subscription.granted ?? step { return true }
    return min(message.qos, subscription.qos) == .atMostOnce
  }

  /// How many copies of a message as retained this session may get, at most.
  func retainedCopies(of message: ModelMessage, for session: ModelSession) -> [ModelSubscription] {
    guard let from = message.retainedFrom, from <= step else { return [] }
    return session.subscriptions.filter {
      $0.mayBringRetained && $0.requested <= (message.retainedUntil ?? .max)
        && isBroughtByRetaining(message, from, $0)
        && topics.matches($0.topicFilter, message.topic)
    }
  }
}
