internal import Glibc
internal import MosquittoClient

extension Agent {
  /// Runs until `stop` is woken, or until the one run is done.
  package func run(until stop: WakePipe) -> AgentExit {
    defer {
      // Whoever comes next may have the directory, and the socket is closed.
      (client, runner, sequence, stateDirectory) = (nil, nil, nil, nil)
    }
    do {
      try prepare()
    } catch {
      log(.error, "\(error)")
      return .stateDirectory
    }
    notifier.ready()
    var nextSignOfLife = clock().sinceBoot
    while true {
      let now = clock()
      actions.append(session.tick(at: now.sinceBoot))
      identification.tick(at: now.sinceBoot)
      perform()
      if let exit {
        notifier.stopping()
        identification.restore()
        return exit
      }
      if let interval = notifier.watchdogInterval, clock().sinceBoot >= nextSignOfLife {
        notifier.watchdog()
        nextSignOfLife = clock().sinceBoot + interval / 2
      }
      wait(for: stop, atMost: notifier.watchdogInterval.map { $0 / 2 } ?? .seconds(60))
      if stop.take() {
        log(.info, "stopping")
        notifier.stopping()
        actions.append(session.stop(at: clock().sinceBoot))
      }
      takeAddresses()
      takeEvents()
    }
  }

  /// Opens what outlives a run: the journal of commands and the counter of messages.
  private func prepare() throws {
    let boot = ProcessIdentity.bootIdentifier(configuration.files)
    let directory = try configuration.stateDirectory.map { try StateDirectory("\($0)/\(configuration.device)") }
    stateDirectory = directory
    let journal = try CommandJournal(path: directory?.file("commands.journal"))
    sequence = try SequenceCounter(boot: boot, path: directory?.file("sequence"), sinceBoot: clock().sinceBoot)
    var runner = CommandRunner(journal: journal)
    for handler in handlers { runner.offer(handler) }
    self.runner = runner
  }

  /// Waits until something happens or something is due.
  private func wait(for stop: WakePipe, atMost bound: Duration) {
    let now = clock().sinceBoot
    var timeout = bound
    if let deadline = session.nextDeadline { timeout = min(timeout, deadline - now) }
    if let deadline = identification.deadline { timeout = min(timeout, deadline - now) }
    // libmosquitto sends its PINGREQ when it is asked what to do.
    if client != nil { timeout = min(timeout, .seconds(Agent.keepAlive) / 4) }
    var entries = [pollfd(fd: stop.reader.number, events: Int16(POLLIN), revents: 0)]
    if let resolution { entries.append(pollfd(fd: resolution.descriptor.number, events: Int16(POLLIN), revents: 0)) }
    if let client, let descriptor = client.fileDescriptor {
      entries.append(
        pollfd(fd: descriptor, events: Int16(POLLIN | (client.wantsWrite ? POLLOUT : 0)), revents: 0))
    }
    // Rounded up: waking a little early would mean to wait again for nothing.
    let milliseconds = Int32(clamping: max(timeout.wholeMilliseconds, -1) + 1)
    let count = poll(&entries, nfds_t(entries.count), milliseconds)
    guard let client else { return }
    let ready = count > 0 && entries.count > 1 ? Int32(entries[entries.count - 1].revents) : 0
    client.process(
      readable: ready & (POLLIN | POLLHUP | POLLERR) != 0, writable: ready & POLLOUT != 0)
  }

  private func takeAddresses() {
    guard let outcome = resolution?.take() else { return }
    resolution = nil
    let now = clock().sinceBoot
    switch outcome {
    case .success(let addresses): beginConnecting(to: addresses[(attempts - 1) % addresses.count], at: now)
    case .failure(let failure): actions.append(session.connectionFailed("\(failure)", at: now))
    }
  }

  private func takeEvents() {
    guard let client else { return }
    // What follows from one event may end the connection; what is left of it then means nothing any more.
    for event in client.takeEvents() where self.client === client {
      let now = clock()
      if case .published(let id, let code) = event {
        guard let kind = publications.removeValue(forKey: id) else { continue }
        actions.append(session.acknowledged(kind, code, at: now.sinceBoot))
      } else {
        actions.append(session.received(event, at: now))
      }
      perform()
    }
  }
}
