package import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore

/// Makes the HTTP server, ready to run as a service.
///
/// - Parameters:
///   - onServerRunning: called once with the port that is listened on.
package func makeHTTPApplication(
  configuration: HTTPConfiguration, services: HTTPServices, eventLoopGroup: any EventLoopGroup, logger: Logger,
  onServerRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
) -> some ApplicationProtocol {
  makeApplication(
    makeRouteTable(services: services, limits: configuration.limits),
    at: .hostname(configuration.host, port: configuration.port), configuration: configuration,
    idleSeconds: configuration.limits.idleSeconds, eventLoopGroup: eventLoopGroup, logger: logger
  ) { channel in await onServerRunning(channel.localAddress?.port ?? configuration.port) }
}

/// Makes the HTTP server of the admin socket: the whole API, and what only whoever may open the socket may do.
///
/// - Parameters:
///   - path: of the socket, which must not exist.
///   - onServerRunning: called once, when the socket is there.
package func makeAdminApplication(
  path: String, configuration: HTTPConfiguration, services: HTTPServices, operations: any AdminOperations,
  eventLoopGroup: any EventLoopGroup, logger: Logger, onServerRunning: @escaping @Sendable () async -> Void
) -> some ApplicationProtocol {
  makeApplication(
    makeRouteTable(
      services: services, limits: configuration.limits,
      adding: AdminRoutes(operations: operations, limits: configuration.limits).routes),
    at: .unixDomainSocket(path: path), configuration: configuration,
    idleSeconds: configuration.limits.adminIdleSeconds, eventLoopGroup: eventLoopGroup, logger: logger
  ) { _ in await onServerRunning() }
}

private func makeApplication(
  _ table: RouteTable, at address: BindAddress, configuration: HTTPConfiguration, idleSeconds: Int64,
  eventLoopGroup: any EventLoopGroup, logger: Logger,
  onServerRunning: @escaping @Sendable (any Channel) async -> Void
) -> some ApplicationProtocol {
  let limits = configuration.limits
  var http1 = HTTP1Channel.Configuration(
    additionalChannelHandlers: [
      HangUpHandler(), StalledWriteHandler(timeout: .seconds(idleSeconds)),
    ],
    idleTimeout: .seconds(idleSeconds))
  http1.httpDecoder = .init(
    maxHeaderFieldSize: limits.maximumHeaderBytes, maxHeaderListSize: limits.maximumHeaderBytes,
    maxHeaderFieldCount: limits.maximumHeaderFields)
  return Application(
    router: table.makeRouter(guarding: ForeignRequestGuard(configuration)),
    server: .http1(configuration: http1),
    configuration: ApplicationConfiguration(
      address: address, serverName: configuration.serverName,
      availableConnectionsDelegate: MaximumAvailableConnections(limits.maximumConnections, logger: logger)),
    onServerRunning: onServerRunning,
    eventLoopGroupProvider: .shared(eventLoopGroup),
    logger: logger)
}

/// Every route of the API.
func makeRouteTable(services: HTTPServices, limits: HTTPLimits, adding added: [APIRoute] = []) -> RouteTable {
  let counters = HTTPCounters()
  let routes =
    DeviceRoutes(services: services, limits: limits).routes
    + LatestRoutes(services: services, limits: limits).routes
    + ReadingsRoutes(services: services, limits: limits).routes
    + CommandRoutes(services: services, limits: limits).routes
    + DeadLetterRoutes(services: services, limits: limits).routes
    + HealthRoutes(services: services, counters: counters).routes + added
  return RouteTable(routes: [IndexRoute.route(over: routes)] + routes, counters: counters)
}
