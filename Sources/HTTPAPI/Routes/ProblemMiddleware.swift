import DeviceManagement
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import TelemetryQuery

/// Gives every error its problem details, and every answer the headers that all have.
struct ProblemMiddleware: RouterMiddleware {
  typealias Context = HubRequestContext

  let table: RouteTable
  let counters: HTTPCounters

  func handle(
    _ request: Request, context: HubRequestContext, next: (Request, HubRequestContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch let problem as Problem {
      response = problem.response
    } catch let error as QueryError {
      response = Problem(error).response
    } catch let error as CommandError {
      response = Problem(error).response
    } catch let error as CommandRequest.Problem {
      response = Problem(error).response
    } catch let error as HTTPError where error.status == .notFound {
      response = notFound(request).response
    } catch let error as any HTTPResponseError {
      response = Problem(error.status, "the request cannot be answered").response
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      context.logger.error("BUG: a request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
      response = Problem(.internalServerError, "the hub failed to answer").response
    }
    counters.answered(status: response.status.code)
    response.headers[.cacheControl] = "no-store"
    response.headers[.xContentTypeOptions] = "nosniff"
    return response
  }

  private func notFound(_ request: Request) -> Problem {
    let methods = table.methods(forPath: request.uri.path)
    guard !methods.isEmpty else {
      var problem = Problem(.notFound, "no such path; GET / lists those there are")
      problem.received = String(decoding: request.uri.path.utf8.prefix(256), as: UTF8.self)
      return problem
    }
    let allowed = methods.map(\.rawValue).joined(separator: ", ")
    var problem = Problem(
      parameter: "method", received: request.method.rawValue, allowed: allowed, status: .methodNotAllowed)
    problem.headers[.allow] = allowed
    return problem
  }
}
