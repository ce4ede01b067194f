import DeviceManagement
import HTTPTypes
import Hummingbird
import NIOCore
import TelemetryQuery

/// An error as the caller sees it: RFC 9457 problem details.
struct Problem: Error {
  var status: HTTPResponse.Status
  var detail: String
  /// The parameter, header or body member that was wrong.
  var parameter: String?
  var received: String?
  var allowed: String?
  /// Of a command that is not in the state needed.
  var state: CommandState?
  var headers: HTTPFields = [:]

  init(_ status: HTTPResponse.Status, _ detail: String) {
    self.status = status
    self.detail = detail
  }

  /// A parameter that is not what it must be.
  init(
    parameter: String, received: String, allowed: String, status: HTTPResponse.Status = .badRequest,
    shownBytes: Int = 256
  ) {
    self.status = status
    let shown = String(decoding: received.utf8.prefix(shownBytes), as: UTF8.self)
    detail = "\(parameter) is \(shown.isEmpty ? "empty" : shown), allowed is \(allowed)"
    self.parameter = parameter
    self.received = shown
    self.allowed = allowed
  }

  init(_ error: QueryError) {
    self.init(parameter: error.parameter, received: error.received, allowed: error.allowed)
  }

  static func unknownDevice(_ name: String) -> Problem {
    var problem = Problem(.notFound, "no such device: \(name)")
    problem.parameter = "device"
    problem.received = name
    return problem
  }

  static func tooLarge(limit: Int) -> Problem {
    var problem = Problem(.contentTooLarge, "the body is larger than \(limit) bytes")
    problem.parameter = "body"
    problem.allowed = "at most \(limit) bytes"
    return problem
  }

  var response: Response {
    var json = JSONWriter()
    json.object { json in
      json.key("type")
      json.string("about:blank")
      json.key("title")
      json.string(status.reasonPhrase)
      json.key("status")
      json.integer(status.code)
      json.key("detail")
      json.string(detail)
      if let parameter {
        json.key("parameter")
        json.string(parameter)
      }
      if let received {
        json.key("received")
        json.string(received)
      }
      if let allowed {
        json.key("allowed")
        json.string(allowed)
      }
      if let state {
        json.key("state")
        json.string(state.rawValue)
      }
    }
    json.newline()
    return .complete(&json, contentType: "application/problem+json", status: status, headers: headers)
  }
}
