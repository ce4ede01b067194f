import MQTTBroker
import MQTTProtocol

extension SimulatedWorld {
  /// A new network connection to an event loop that the seed chooses.
  func openLink(for client: SimulatedClient) -> (SimulatedLink, ModelConnection) {
    let link = SimulatedLink(id: links.count, client: client.index, shard: random.below(profile.shardCount))
    let connection = model.opened(client: client.index)
    links.append(link)
    liveLinks.append(link.id)
    trace { "\(client.name) opens link \(link.id) to shard \(link.shard)" }
    let channel = ServerChannel(link: link, model: connection, world: self)
    channels.append(channel)
    channel.opened()
    return (link, connection)
  }

  // MARK: To the server

  func clientSends(_ bytes: [UInt8], over link: SimulatedLink) {
    link.up.append(bytes)
    planArrivalAtServer(link)
  }

  /// The client closes: after all that it has sent, or so that some of that is lost.
  func clientCloses(_ client: SimulatedClient, isAbrupt: Bool) {
    guard let link = client.link else { return }
    trace { "\(client.name) closes link \(link.id)\(isAbrupt ? " abruptly" : "")" }
    if isAbrupt, link.up.count > 0 { link.up.truncate(to: random.below(link.up.count + 1)) }
    link.upEnds = true
    client.lost()
    planArrivalAtServer(link)
  }

  func planArrivalAtServer(_ link: SimulatedLink) {
    guard !link.isUpPlanned, !link.isServerGone, link.up.count > 0 || link.upEnds else { return }
    link.isUpPlanned = true
    plan(.bytesReachServer(link: link.id), in: random.time(0...profile.maximumDelay))
  }

  func bytesReachServer(_ link: SimulatedLink) {
    link.isUpPlanned = false
    guard !link.isServerGone, !link.isCut else { return }
    let channel = channels[link.id]
    if !channel.takesInput {
      // Output that its peer will never take: the network says so with a reset.
      if link.upEnds, !channel.isWritable { end(link, channel) }
      return
    }
    if link.up.count > 0 {
      let count = random.chance(profile.tearPercent) ? random.number(1...link.up.count) : link.up.count
      channel.received(link.up.take(count))
    }
    if link.up.count > 0 || !link.upEnds {
      planArrivalAtServer(link)
    } else if !link.isServerGone {
      end(link, channel)
    }
  }

  private func end(_ link: SimulatedLink, _ channel: ServerChannel) {
    trace { "link \(link.id) has ended" }
    serverIsGone(link)
    channel.inactive()
  }

  private func serverIsGone(_ link: SimulatedLink) {
    link.isServerGone = true
    liveLinks.removeAll { $0 == link.id }
  }

  // MARK: To the client

  func serverSends(_ bytes: some Sequence<UInt8>, over link: SimulatedLink) {
    guard !link.isClientGone || !link.upEnds else { return }
    link.down.append(bytes)
    planArrivalAtClient(link)
  }

  func serverCloses(_ link: SimulatedLink) {
    trace { "the server closes link \(link.id)" }
    serverIsGone(link)
    link.downEnds = true
    planArrivalAtClient(link)
  }

  func planArrivalAtClient(_ link: SimulatedLink) {
    guard !link.isDownPlanned, !link.isClientGone, link.down.count > 0 || link.downEnds else { return }
    link.isDownPlanned = true
    plan(.bytesReachClient(link: link.id), in: random.time(0...profile.maximumDelay))
  }

  func bytesReachClient(_ link: SimulatedLink) {
    link.isDownPlanned = false
    guard !link.isClientGone, !link.isCut, link.isClientReading else { return }
    let client = clients[link.client]
    if link.down.count > 0 {
      let count = random.chance(profile.tearPercent) ? random.number(1...link.down.count) : link.down.count
      client.received(link.down.take(count))
    }
    guard client.link === link else { return }
    if link.down.count > 0 || !link.downEnds {
      planArrivalAtClient(link)
      planDrain(of: link)
    } else {
      client.endOfStream()
    }
  }

  func resumeReading(_ client: SimulatedClient, _ link: SimulatedLink) {
    guard client.link === link, !link.isClientReading else { return }
    trace { "\(client.name) reads again" }
    link.isClientReading = true
    planArrivalAtClient(link)
  }

  /// A full socket takes output again when half of what it held has gone.
  func planDrain(of link: SimulatedLink) {
    guard !link.isDrainPlanned, !link.isServerGone, !channels[link.id].isWritable,
      link.down.count <= profile.socketWindow / 2
    else { return }
    link.isDrainPlanned = true
    plan(.socketDrains(link: link.id), in: random.time(0...5))
  }

  func socketDrains(_ link: SimulatedLink) {
    link.isDrainPlanned = false
    guard !link.isServerGone else { return }
    let channel = channels[link.id]
    channel.drained()
    planArrivalAtServer(link)
  }
}
