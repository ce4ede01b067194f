import MQTTProtocol

extension DeliveryModel {
  func receivedSubscribe(_ packet: SubscribePacket, on connection: ModelConnection, _ step: Int) {
    guard let session = connection.session else { return }
    let identifier = packet.properties.subscriptionIdentifiers.first ?? 0
    var owed = ModelConnection.OwedSuback(packetIdentifier: packet.packetIdentifier, isSubscribe: true)
    for subscription in packet.subscriptions {
      let former = session.subscriptions.filter { $0.filter == subscription.filter && $0.ended == nil }
      let isCertain = former.contains { $0.granted != nil && $0.endRequested == nil }
      let isNew: Bool? = former.isEmpty ? true : isCertain ? false : nil
      let new = ModelSubscription(
        subscription, version: connection.version, identifier: identifier, requested: step, isNew: isNew)
      for old in former { old.endRequested = old.endRequested ?? step }
      new.mayOweForFormer = former.contains(where: \.mayBringRetained)
      new.retained = certainlyRetained(for: new, client: session.client)
      owed.subscriptions.append(new)
      owed.ended.append(former)
      session.subscriptions.append(new)
    }
    connection.owedSubacks.append(owed)
  }

  func receivedUnsubscribe(_ packet: UnsubscribePacket, on connection: ModelConnection, _ step: Int) {
    guard let session = connection.session else { return }
    var owed = ModelConnection.OwedSuback(packetIdentifier: packet.packetIdentifier, isSubscribe: false)
    for filter in packet.filters {
      let former = session.subscriptions.filter { $0.filter == filter && $0.ended == nil }
      let isCertain = former.contains { $0.granted != nil && $0.endRequested == nil }
      owed.exists.append(former.isEmpty ? false : isCertain ? true : nil)
      for old in former { old.endRequested = old.endRequested ?? step }
      owed.ended.append(former)
    }
    connection.owedSubacks.append(owed)
  }

  private func takeOwed(
    _ packet: SubackPacket, isSubscribe: Bool, on connection: ModelConnection
  ) -> ModelConnection.OwedSuback? {
    let place = connection.owedSubacks.firstIndex {
      $0.packetIdentifier == packet.packetIdentifier && $0.isSubscribe == isSubscribe
    }
    guard let place else {
      fail(
        isSubscribe ? "[MQTT-3.8.4-2]" : "[MQTT-3.10.4-5]", expected: "no SUBACK or UNSUBACK to \(connection.name)",
        got: "one of \(packet.packetIdentifier)")
      return nil
    }
    return connection.owedSubacks.remove(at: place)
  }

  func wroteSuback(_ suback: SubackPacket, on connection: ModelConnection, _ step: Int) {
    guard let session = connection.session, let owed = takeOwed(suback, isSubscribe: true, on: connection) else {
      return
    }
    guard suback.reasonCodes.count == owed.subscriptions.count else {
      // [MQTT-3.8.4-6]
      return fail(
        "[MQTT-3.8.4-6]", expected: "\(owed.subscriptions.count) reason codes", got: "\(suback.reasonCodes.count)")
    }
    for (place, subscription) in owed.subscriptions.enumerated() {
      let code = suback.reasonCodes[place]
      if code.isError {
        refused(subscription, code, step, owed.ended[place], on: connection)
        continue
      }
      if code.rawValue != subscription.qos.rawValue {
        fail("3.9.3", expected: "QoS \(subscription.qos) for \(subscription.filter)", got: "\(code.rawValue)")
      }
      for former in owed.ended[place] { former.ended = former.ended ?? step }
      subscription.granted = step
      guard connection.isEnded == false else { continue }
      for message in subscription.retained where retained[message.topic]?.certain === message {
        let qos = min(subscription.qos, message.qos)
        session.expectations.append(
          .init(
            message: message, isRetained: true, qos: qos, connection: qos == .atMostOnce ? connection : nil,
            subscription: subscription, filter: subscription.filter))
      }
    }
  }

  private func refused(
    _ subscription: ModelSubscription, _ code: ReasonCode, _ step: Int, _ former: [ModelSubscription],
    on connection: ModelConnection
  ) {
    subscription.ended = step
    subscription.endRequested = step
    // One that was there already is as it was, but what held meanwhile is not certain.
    // Not where its end was asked for before that, or since.
    for old in former where old.ended == nil && old.granted != nil && old.endRequested == subscription.requested {
      let endsSince = connection.owedSubacks.contains { owed in owed.ended.joined().contains { $0 === old } }
      if !endsSince { old.endRequested = nil }
    }
    let isForRoom = code == .quotaExceeded || code == .unspecifiedError
    if !allowsLoss || !isForRoom {
      fail("3.9.3", expected: "a subscription to \(subscription.filter)", got: "\(code)")
    }
  }

  func wroteUnsuback(_ unsuback: SubackPacket, on connection: ModelConnection, _ step: Int) {
    guard let owed = takeOwed(unsuback, isSubscribe: false, on: connection) else { return }
    for former in owed.ended {
      for old in former { old.ended = old.ended ?? step }
    }
    guard connection.version == .v5 else { return }
    guard unsuback.reasonCodes.count == owed.ended.count else {
      return fail("[MQTT-3.11.3-1]", expected: "\(owed.ended.count) codes", got: "\(unsuback.reasonCodes.count)")
    }
    // Each filter once: a packet of the simulation does not repeat one.
    for (place, exists) in owed.exists.enumerated() {
      let code = unsuback.reasonCodes[place]
      if code.isError || (exists == true && code != .success) || (exists == false && code == .success) {
        fail("3.11.3", expected: "UNSUBACK of what there was: \(exists == true)", got: "\(code)")
      }
    }
  }
}
