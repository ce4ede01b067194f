import MQTTProtocol

/// What time brings.
extension BrokerShard {
  /// Call about once a second.
  package func timePassed(to time: BrokerTime) {
    continueRestored(at: time)
    // Whether or not the commit queue has told of its last commit.
    resumePublishers()
    for case .some(let connection) in connections {
      if let session = connection.session {
        session.outbound.timePassed(to: time.monotonic)
        account(session)
      }
      if isStalled(connection, at: time) { continue }
      switch connection.lifecycle.timePassed(to: time.monotonic) {
      case .doNothing:
        // What a full total or a small output limit held back.
        if connection.session?.isWaiting == true { pump(connection, at: time) }
      case .closeWithoutConnect:
        end(connection, because: .refused(.protocolError), publishesWill: false, at: time)
      case .closeForKeepAlive:
        statistics.keepAliveTimeouts += 1
        sendDisconnect(.keepAliveTimeout, to: connection)
        end(connection, because: .keepAliveTimeout, publishesWill: true, at: time)
      }
    }
    settleAbsentSessions(at: time)
    measureLargestUser()
    // One shard looks after what all share.
    if index == 0 {
      let expired = broker.expireRetained(at: time.monotonic)
      statistics.retainedExpired += expired.count
      for retained in expired {
        record(.retainedCleared(topic: retained.message.topic, serial: retained.serial), isAwaited: false)
      }
    }
    settle(at: time)
  }

  /// Ends who takes nothing, or leaves a packet half sent, for too long; true while the hub itself withholds reading,
  /// when silence is no fault of the client's (its keep-alive pauses).
  private func isStalled(_ connection: ClientConnection, at time: BrokerTime) -> Bool {
    if let since = connection.partialPacketSince, time.monotonic &- since > limits.stallTimeout {
      end(connection, because: .connectionLost, publishesWill: true, at: time)
      return true
    }
    guard connection.output.isFull || connection.output.isReadingWithheld else {
      connection.fullSince = nil
      // It is we who do not listen: its acknowledgements, or the disk, have to come first.
      if connection.isPaused { connection.lifecycle.heard(at: time.monotonic) }
      return false
    }
    // Within its rate again it will be read: that silence is ours, and no stall.
    guard connection.output.isFull else {
      connection.fullSince = nil
      connection.lifecycle.heard(at: time.monotonic)
      return true
    }
    let since = connection.fullSince ?? time.monotonic
    connection.fullSince = since
    if time.monotonic &- since > limits.stallTimeout {
      end(connection, because: .connectionLost, publishesWill: true, at: time)
    }
    return true
  }
}
