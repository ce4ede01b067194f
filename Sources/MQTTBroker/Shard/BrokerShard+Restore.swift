import MQTTProtocol

/// How a shard goes on after a restart of the hub.
extension BrokerShard {
  /// Takes the sessions that a restart kept for this shard.
  func takeRestored() {
    for parcel in broker.takeRestored(for: index) {
      let session = parcel.session
      attach(session)
      session.subscriber.settled(in: index, slot: session.slot)
      session.claim.holds(sessionSlot: session.slot)
      account(session)
      restored.append(parcel)
    }
  }

  /// Goes on with what the hub's end interrupted, before anything else happens here: QoS 2 messages that nobody got yet
  /// go to their subscribers, and sessions and wills whose time has come end.
  func continueRestored(at time: BrokerTime) {
    guard !restored.isEmpty else { return }
    var parcels: [RestoredParcel] = []
    swap(&parcels, &restored)
    for parcel in parcels {
      for (packetIdentifier, message) in parcel.undelivered {
        // Its publisher may have got no answer yet; what is said on the next connection is that it arrived.
        _ = fanOut(message, isRefusable: false, at: time)
        record(.delivered(session: parcel.session.number, packetIdentifier: packetIdentifier))
        // Together, and before what comes next: PUBREC is said to whoever asks from now on.
        appendChanges(at: time)
        lastHeldSequence = max(lastHeldSequence, appendedInRead)
      }
    }
    settleAbsentSessions(at: time)
  }
}
