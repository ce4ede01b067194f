import DeviceManagement
import Durability
import Glibc
import HTTPAPI
import HubDatabase
import Hummingbird
import Logging
import MQTTBroker
import MQTTServer
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// Runs the hub until it is told to stop (SIGTERM, SIGINT) or a door fails.
func runHub(_ configuration: HubConfiguration) async throws {
  let logger = Logger(configuration)
  let environment = ProcessEnvironment.current()
  let notifier = SystemdNotifier(environment: environment)
  // A write to a peer that has gone is an error to handle, not a signal to die of.
  signal(SIGPIPE, SIG_IGN)
  OpenFiles.raiseLimit(for: configuration.maximumMQTTConnections, logger: logger)

  let opened = try openDatabase(configuration, logger: logger)
  let database = opened.database
  defer { database.stop() }
  let services = HubServices(configuration, store: opened.store)
  let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
  let broker = Broker(
    limits: BrokerLimits(configuration).withRoomForSystemTopics, shardCount: System.coreCount,
    commitQueue: database)
  broker.restore(opened.broker, at: SystemClock.brokerTime())
  let start = SystemClock.brokerTime().monotonic
  let systemTopics = SystemTopicsPublisher(broker: broker, startedAt: start)
  // There before the first client is.
  systemTopics.timePassed(to: start)
  let dispatcher = CommandDispatcher(
    commands: services.commands, broker: broker, now: SystemClock.unixMilliseconds)
  let floods = SeriesFloodLog(logger: logger)
  let mqtt = try await MQTTServer(
    configuration: MQTTListeners.mqttConfiguration(configuration), broker: broker, group: group, logger: logger,
    clock: SystemClock.brokerTime
  ) { _ in DeviceGateway(services: services, broker: broker, dispatcher: dispatcher, database: database, floods: floods)
  }

  let listeners = try await MQTTListeners.open(configuration, on: mqtt)
  // A loop of its own: a flood of publishes must not keep an operator waiting.
  let httpGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  let httpServices = HTTPServices(
    store: services.store, commands: services.commands, registry: services.registry,
    deadLetters: services.deadLetters, ingestCounters: services.ingestCounters,
    operations: HubDoorOperations(broker: broker, dispatcher: dispatcher, database: database, startedAt: start))
  let adminPath = configuration.adminSocketPath(environment: environment)
  let (adminListens, adminIsListening) = AsyncStream.makeStream(of: Void.self)
  let (httpListens, httpIsListening) = AsyncStream.makeStream(of: Void.self)
  if adminPath == nil { adminIsListening.finish() }
  let admin = adminPath.map { path in
    AdminDoor(
      path: path, configuration: HTTPConfiguration(configuration), services: httpServices,
      transfer: HubTransfer(store: services.store, database: database), eventLoopGroup: httpGroup, logger: logger,
      mayListen: httpListens, isListening: adminIsListening)
  }
  let http = makeHTTPApplication(
    configuration: HTTPConfiguration(configuration), services: httpServices, eventLoopGroup: httpGroup,
    logger: logger.forLibraries
  ) { httpPort in
    // Whoever reads the line finds every door open.
    httpIsListening.finish()
    for await _ in adminListens {}
    let http = ListenAddress(host: configuration.http.listen.host, port: httpPort)
    // One line that a script can read.
    let others = (listeners.webSocket.map { " websocket=\($0)" } ?? "") + (adminPath.map { " admin=\($0)" } ?? "")
    logger.notice("listening mqtt=\(listeners.mqtt) http=\(http)\(others)")
    let webSocket = listeners.webSocket.map { " (WebSocket: \($0))" } ?? ""
    notifier.ready(status: "serving MQTT on \(listeners.mqtt)\(webSocket) and HTTP on \(http)")
  }

  // Stopped in reverse order: HTTP before MQTT, so that what HTTP waits for can still come. Each has a description: it is
  // put into text at once, which for a type without one takes milliseconds.
  var running: [ServiceGroupConfiguration.ServiceConfiguration] = [
    .init(service: MQTTDoor(server: mqtt, listeners: listeners.all)),
    .init(service: EventLoopService(http, on: httpGroup.next())),
  ]
  if let admin { running.append(.init(service: admin)) }
  running += [
    .init(service: DamageWatch(database: database)),
    .init(
      service: Upkeep(
        commands: services.commands, dispatcher: dispatcher, systemTopics: systemTopics, server: mqtt,
        httpLoop: httpGroup.next(), database: database,
        storage: configuration.storage, notifier: notifier, logger: logger)),
  ]
  var lifecycle = ServiceGroupConfiguration(
    services: running, gracefulShutdownSignals: [.sigterm, .sigint], logger: .silent)
  // Well within systemd's TimeoutStopSec, and soon enough for whoever pressed Ctrl-C.
  lifecycle.maximumGracefulShutdownDuration = .milliseconds(1_200)
  do {
    try await ServiceGroup(configuration: lifecycle).run()
  } catch is CancellationError {
    // A request was still waiting at the end of the graceful time; its client has been cut off.
  } catch let error as HubDamageError {
    throw error
  } catch let error as HubStartError {
    throw error
  } catch {
    throw HubStartError.cannotListen("HTTP", flag: "--http-listen", on: configuration.http.listen, because: error)
  }
  logger.notice("stopped")
}
