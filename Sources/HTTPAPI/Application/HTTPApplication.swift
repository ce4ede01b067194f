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
  let limits = configuration.limits
  let router = makeRouteTable(services: services, limits: limits)
    .makeRouter(guarding: ForeignRequestGuard(configuration))
  var http1 = HTTP1Channel.Configuration(
    additionalChannelHandlers: [
      HangUpHandler(), StalledWriteHandler(timeout: .seconds(limits.idleSeconds)),
    ],
    idleTimeout: .seconds(limits.idleSeconds))
  http1.httpDecoder = .init(
    maxHeaderFieldSize: limits.maximumHeaderBytes, maxHeaderListSize: limits.maximumHeaderBytes,
    maxHeaderFieldCount: limits.maximumHeaderFields)
  return Application(
    router: router,
    server: .http1(configuration: http1),
    configuration: ApplicationConfiguration(
      address: .hostname(configuration.host, port: configuration.port), serverName: configuration.serverName,
      availableConnectionsDelegate: MaximumAvailableConnections(limits.maximumConnections, logger: logger)),
    onServerRunning: { channel in await onServerRunning(channel.localAddress?.port ?? configuration.port) },
    eventLoopGroupProvider: .shared(eventLoopGroup),
    logger: logger)
}

/// Every route of the API.
func makeRouteTable(services: HTTPServices, limits: HTTPLimits) -> RouteTable {
  let counters = HTTPCounters()
  let routes =
    DeviceRoutes(services: services, limits: limits).routes
    + LatestRoutes(services: services, limits: limits).routes
    + ReadingsRoutes(services: services, limits: limits).routes
    + CommandRoutes(services: services, limits: limits).routes
    + DeadLetterRoutes(services: services, limits: limits).routes
    + HealthRoutes(services: services, counters: counters).routes
  return RouteTable(routes: [IndexRoute.route(over: routes)] + routes, counters: counters)
}
