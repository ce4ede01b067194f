import HTTPTypes
import Hummingbird

/// One route: how it is asked for, what it is for, and who answers.
struct APIRoute: Sendable {
  typealias Handler = @Sendable (Request, HubRequestContext) async throws -> Response

  let method: HTTPRequest.Method
  /// Segments in braces stand for any one segment.
  let path: String
  let summary: String
  /// Whether the handler takes no longer than the event loop can spare, or sees to it itself.
  let isOnEventLoop: Bool
  let handler: Handler

  init(
    _ method: HTTPRequest.Method, _ path: String, _ summary: String, isOnEventLoop: Bool = false,
    _ handler: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.summary = summary
    self.isOnEventLoop = isOnEventLoop
    self.handler = handler
  }

  /// It changes something: requests from elsewhere are refused.
  var changesSomething: Bool { method != .get }

  func matches(path requested: String) -> Bool {
    let own = path.split(separator: "/")
    let given = requested.split(separator: "/")
    return own.count == given.count && zip(own, given).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
  }
}
