internal import MosquittoClient

extension Agent {
  /// Seconds.
  static let keepAlive: UInt16 = 30

  /// Carries out what was decided, and what follows from that.
  func perform() {
    while let action = actions.next() {
      let now = clock()
      switch action {
      case .connect: connect(at: now.sinceBoot)
      case .dropConnection:
        resolution = nil
        client = nil
        publications.removeAll()
      case .subscribe(let filter): subscribe(to: filter, at: now)
      case .publish(let publication): publish(publication, at: now)
      case .readSensors: _ = readSensors()
      case .publishAttributes: publishAttributes(at: now)
      case .runCommand(let payload, let replyTo): run(payload: payload, replyTo: replyTo)
      case .runCommands(let commands): for command in commands { run(command) }
      case .disconnect:
        client?.disconnect()
        client = nil
      case .log(let level, let text): log(level, text)
      case .status(let text): notifier.status(text)
      case .finish(let exit): self.exit = exit
      }
    }
  }

  private func connect(at now: Duration) {
    attempts &+= 1
    let host = configuration.hub.host
    if NumericAddress.isValid(host) {
      beginConnecting(to: host, at: now)
    } else {
      do { resolution = try NameResolution(host) } catch {
        actions.append(session.connectionFailed("\(error)", at: now))
      }
    }
  }

  func beginConnecting(to address: String, at now: Duration) {
    var options = MosquittoConnectOptions(
      host: address, port: configuration.hub.port, clientIdentifier: configuration.device)
    options.keepAlive = Agent.keepAlive
    options.will = MosquittoMessage(
      topic: session.topics.status, payload: Array("offline".utf8), qos: .atLeastOnce, retain: true)
    do {
      let client = try MosquittoClient(options)
      try client.beginConnecting()
      self.client = client
      session.connectionBegun(at: now)
    } catch {
      actions.append(session.connectionFailed("\(error)", at: now))
    }
  }

  private func publish(_ publication: AgentPublication, at now: Moment) {
    let message = MosquittoMessage(
      topic: publication.topic, payload: publication.payload,
      qos: MosquittoQoS(rawValue: Int32(publication.qos)) ?? .atLeastOnce, retain: publication.retain,
      properties: MosquittoMessageProperties(correlationData: publication.correlationData))
    guard let client else { return }
    do throws(MosquittoError) {
      publications[try client.publish(message)] = publication.kind
    } catch {
      switch error {
      case .invalidArgument, .packetTooLarge:
        // No other connection would take it either.
        log(.error, "a message cannot be published: \(error)")
        actions.append(session.acknowledged(publication.kind, .payloadFormatInvalid, at: now.sinceBoot))
      default: lost(error, at: now)
      }
    }
  }

  private func subscribe(to filter: String, at now: Moment) {
    do throws(MosquittoError) { try client?.subscribe(to: filter, qos: .atLeastOnce) } catch { lost(error, at: now) }
  }

  /// A packet that cannot even be handed over means that the connection is gone.
  private func lost(_ error: MosquittoError, at now: Moment) {
    client = nil
    actions.append(session.received(.disconnected(error), at: now))
  }

  /// Reads every sensor and queues what they measured.
  ///
  /// - Returns: the readings, oldest first.
  func readSensors() -> SensorSuite.Round {
    let round = sensors.read(clock: clock)
    for (sensor, failure) in round.changes {
      if let failure { log(.warning, "\(sensor): \(failure)") } else { log(.notice, "\(sensor): works again") }
    }
    for group in round.groups {
      guard let number = sequence?.take(), let boot = sequence?.boot else { continue }
      let message = TelemetryMessage(
        boot: boot, sequence: number, unixMilliseconds: group.unixMilliseconds, values: group.readings)
      actions.append(session.enqueue(sequence: number, payload: message.payload, at: clock().sinceBoot))
    }
    if !round.changes.isEmpty, session.isOnline { actions.append([.publishAttributes]) }
    return round
  }

  private func publishAttributes(at now: Moment) {
    publish(
      AgentPublication(
        kind: .attributes, topic: session.topics.attributes, payload: JSONWriter.bytes(attributes())), at: now)
  }

  private func run(payload: [UInt8], replyTo: ReplyAddress?) {
    run(replyTo: replyTo) { () throws(CommandError) in try Command(payload: payload) }
  }

  private func run(_ value: JSONValue) {
    run(replyTo: nil) { () throws(CommandError) in try Command(value) }
  }

  private func run(replyTo: ReplyAddress?, _ decode: () throws(CommandError) -> Command) {
    // Out of the property while it runs: a handler may look at the agent.
    guard var runner else { return }
    self.runner = nil
    defer { self.runner = runner }
    let report = { (report: CommandReport) in
      self.log(report.status.isFinal ? .info : .debug, "command \(report.id): \(report.status.rawValue)")
      let now = self.clock()
      // Sent before the command goes on, so that the hub knows how far it got whatever happens next.
      for action in self.session.report(report, replyTo: replyTo, at: now.sinceBoot) {
        if case .publish(let publication) = action {
          self.publish(publication, at: now)
        } else {
          self.actions.append([action])
        }
      }
    }
    do throws(CommandError) {
      let command = try decode()
      runner.receive(command, now: session.hubTime.unixMilliseconds(at: clock()), report: report)
    } catch {
      switch error {
      case .malformed(let id, let reason): runner.refuse(malformed: id, reason: reason, report: report)
      case .unanswerable(let reason): log(.warning, "ignored a command: \(reason)")
      }
    }
  }
}
