import HTTPTypes
import Hummingbird

/// All routes, in the order they are told.
struct RouteTable: Sendable {
  let routes: [APIRoute]
  let counters: HTTPCounters

  /// The methods that a path may be asked with; empty where there is no such path.
  func methods(forPath path: String) -> [HTTPRequest.Method] {
    var methods: [HTTPRequest.Method] = []
    for route in routes where route.matches(path: path) && !methods.contains(route.method) {
      methods.append(route.method)
      if route.method == .get { methods.append(.head) }
    }
    return methods
  }

  func makeRouter(guarding requestGuard: ForeignRequestGuard) -> Router<HubRequestContext> {
    let router = Router(context: HubRequestContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: ProblemMiddleware(table: self, counters: counters))
    for route in routes {
      router.on(RouterPath(route.path), method: route.method) { request, context in
        if route.changesSomething { try requestGuard.check(request) }
        if route.isOnEventLoop { return try await route.handler(request, context) }
        return try await EventLoopExecutor.onPool { try await route.handler(request, context) }
      }
    }
    return router
  }
}
