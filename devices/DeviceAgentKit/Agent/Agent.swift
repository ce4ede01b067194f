internal import MosquittoClient

/// A device's agent: reads sensors, publishes what they measure, runs the hub's commands.
///
///     let agent = Agent(AgentConfiguration(device: "greenhouse"))
///     agent.add(SoilMoisture())
///     agent.offer(CommandHandler("open-vent") { _ in [:] })
///     exit(agent.run().rawValue)
///
/// Everything happens on the thread that calls `run`.
public final class Agent {
  let configuration: AgentConfiguration
  let log: StandardErrorLog
  let clock: () -> Moment
  var sensors = SensorSuite()
  var handlers: [CommandHandler] = []

  // What exists while it runs.
  var session: AgentSession
  var runner: CommandRunner?
  var stateDirectory: StateDirectory?
  var sequence: SequenceCounter?
  var identification: Identification
  var notifier: ServiceNotifier
  var resolution: NameResolution?
  /// Counts the attempts, to try the hub's addresses in turn.
  var attempts = 0
  var client: MosquittoClient?
  var publications: [Int32: AgentPublication.Kind] = [:]
  var actions: ActionQueue = ActionQueue()
  var exit: AgentExit?

  /// Makes an agent with the built-in commands and no sensors. The device name must be valid (`DeviceName.isValid`).
  public convenience init(_ configuration: AgentConfiguration) {
    self.init(configuration, clock: SystemClock.now)
  }

  package init(
    _ configuration: AgentConfiguration, timeouts: AgentTimeouts = AgentTimeouts(), backoff: Backoff = Backoff(),
    clock: @escaping () -> Moment
  ) {
    precondition(DeviceName.isValid(configuration.device), "the device name \"\(configuration.device)\" is not valid")
    precondition(AgentLimits.interval.contains(configuration.interval), "the interval is out of range")
    precondition((0...2).contains(configuration.qos), "the QoS is 0, 1 or 2")
    self.configuration = configuration
    self.clock = clock
    log = configuration.log
    identification = Identification(files: configuration.files)
    notifier = ServiceNotifier(environment: configuration.environment, processIdentifier: ProcessIdentity.identifier)
    session = AgentSession(
      configuration, start: clock().sinceBoot, seed: UInt64.random(in: .min ... .max), timeouts: timeouts,
      backoff: backoff)
    handlers = builtInCommands()
  }

  /// Adds a sensor; before `run`.
  public func add(_ sensor: any Sensor) { sensors.add(sensor) }

  /// Adds the sensors that this machine has by itself; before `run`.
  public func addBuiltInSensors() {
    for sensor in BuiltInSensors.discover(configuration.files, isSingleReading: configuration.mode == .once) {
      sensors.add(sensor)
    }
  }

  /// Offers a command, also in place of a built-in one of the same name; before `run`.
  public func offer(_ handler: CommandHandler) {
    handlers.removeAll { $0.name == handler.name }
    handlers.append(handler)
  }

  /// Runs until SIGINT or SIGTERM, or until the one run is done. Takes over both signals for the whole process.
  ///
  /// - Returns: how it ended; its raw value is the exit code. What went wrong is in the log.
  public func run() -> AgentExit {
    do {
      let stop = try StopSignal()
      return withExtendedLifetime(stop) { run(until: stop.pipe) }
    } catch {
      log(.error, "\(error)")
      return .system
    }
  }
}
