import HTTPTypes
import Hummingbird
import TelemetryIngest

/// `GET /v1/dead-letters`: what could not be read, and why, newest first.
struct DeadLetterRoutes {
  let services: HTTPServices
  let limits: HTTPLimits

  var routes: [APIRoute] {
    [
      APIRoute(.get, "/v1/dead-letters", "messages that could not be read, newest first: limit, format") {
        request, context in
        try deadLetters(request, context)
      }
    ]
  }

  @Sendable private func deadLetters(_ request: Request, _ context: HubRequestContext) throws -> Response {
    let parameters = try QueryParameters(request, allowed: ["limit", "cursor", "format"])
    let format = try AnswerFormat.choose(parameters, request, supported: [.json, .ndjson])
    let limit = try parameters.count("limit", default: limits.defaultDeadLetters, maximum: limits.maximumDeadLetters)
    var before = UInt64.max
    if let cursor = parameters["cursor"] {
      guard let number = UInt64(cursor) else {
        throw Problem(parameter: "cursor", received: cursor, allowed: "what a Link header gave")
      }
      before = number
    }
    // One more than asked tells whether there are more.
    let snapshot = services.deadLetters.snapshot(before: before, limit: limit + 1)
    let letters = Array(snapshot.letters.prefix(limit))
    var headers: HTTPFields = [:]
    if snapshot.letters.count > limit, let last = letters.last {
      headers = .truncated(next: parameters.link(replacing: [("cursor", String(last.number))]))
    }
    headers[.totalCount] = String(snapshot.total)
    let producer = ListProducer(letters, format: format) { letter, _, json in json.deadLetter(letter) }
    return try .producing(
      producer, contentType: format.contentType, headers: headers, chunkBytes: limits.chunkBytes, for: context)
  }
}
