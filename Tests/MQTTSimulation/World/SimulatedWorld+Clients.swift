import MQTTBroker
import MQTTProtocol

extension SimulatedWorld {
  func clientActs(_ client: SimulatedClient) {
    guard phase == .active else { return }
    if client.state == .connected {
      actionsLeft -= 1
      client.act()
    }
    plan(.clientActs(client: client.index), in: random.time(1...profile.maximumPause))
  }

  func clientKeepsAlive(_ client: SimulatedClient, _ link: SimulatedLink) {
    guard client.link === link else { return }
    client.keepAliveDue()
    plan(.clientKeepsAlive(client: client.index, link: link.id), in: max(1_000, client.keepAlive * 250))
  }

  /// A client without a connection comes back, some time.
  func planConnect(of client: SimulatedClient) {
    switch phase {
    case .active:
      plan(.clientConnects(client: client.index), in: random.time(1...random.pick([20, 500, 5_000])))
    case .settling: plan(.clientConnects(client: client.index), in: random.time(1...200))
    case .leaving: break
    }
  }

  // MARK: What must be true at every moment

  /// Half-open connections end by keep-alive [MQTT-3.1.2-22].
  func checkKeepAlive(of shard: Int) {
    for place in liveLinks where links[place].shard == shard {
      let connection = channels[place].model
      guard connection.isAccepted, connection.keepAlive > 0, connection.fullSince == nil else { continue }
      let silence = now - connection.lastHeard
      if silence > Int64(connection.keepAlive) * 1_500 + 1_500 {
        model.fail(
          "[MQTT-3.1.2-22]", expected: "the end of \(connection.name) after \(connection.keepAlive) s",
          got: "silence for \(silence) ms")
      }
    }
  }

  /// Nothing grows past its limit.
  func checkMemory() {
    let memory = broker.memory
    if memory.queuedBytes + memory.unsentBytes > mostWaiting {
      model.fail(
        "totalOutputBytes", expected: "at most \(mostWaiting)",
        got: "\(memory.queuedBytes) queued and \(memory.unsentBytes) unsent")
    }
    for place in liveLinks where channels[place].unsentCount > mostUnsent {
      model.fail("connectionOutputBytes", expected: "at most \(mostUnsent)", got: "\(channels[place].unsentCount)")
    }
    if memory.queuedBytes < 0 || memory.unreadBytes < 0 || memory.unsentBytes < 0 || memory.stateBytes < 0 {
      model.fail(
        "ClientMemory", expected: "no debt",
        got: "unread \(memory.unreadBytes), unsent \(memory.unsentBytes), state \(memory.stateBytes)")
    }
    if memory.stateBytes > mostState {
      model.fail("totalStateBytes", expected: "at most \(mostState)", got: "\(memory.stateBytes)")
    }
  }
}
