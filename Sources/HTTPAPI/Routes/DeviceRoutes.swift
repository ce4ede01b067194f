import DeviceManagement
import HTTPTypes
import Hummingbird
import TimeSeriesStorage

/// `GET /v1/devices`, `GET /v1/devices/{device}`, `POST /v1/devices/{device}/telemetry`.
struct DeviceRoutes {
  let services: HTTPServices
  let limits: HTTPLimits

  var routes: [APIRoute] {
    [
      APIRoute(.get, "/v1/devices", "devices, their presence and metrics: limit, format") { request, context in
        try devices(request, context)
      },
      APIRoute(.get, "/v1/devices/{device}", "one device: presence, attributes, metrics, last readings") {
        request, context in
        try device(request, context)
      },
      APIRoute(.post, "/v1/devices/{device}/telemetry", "publish readings, durable before the answer") {
        request, context in
        try await publish(request, context)
      },
    ]
  }

  @Sendable private func devices(_ request: Request, _ context: HubRequestContext) throws -> Response {
    let parameters = try QueryParameters(request, allowed: ["limit", "cursor", "format"])
    let format = try AnswerFormat.choose(parameters, request, supported: [.json, .ndjson])
    let limit = try parameters.count("limit", default: limits.defaultDevices, maximum: limits.maximumDevices)
    var all = Set(services.store.devices().map(\.name))
    all.formUnion(services.registry.devices())
    var names = all.sorted()[...]
    if let cursor = parameters["cursor"] { names = names.drop { $0 < cursor } }
    var headers: HTTPFields = [:]
    if names.count > limit {
      headers = .truncated(next: parameters.link(replacing: [("cursor", names[names.startIndex + limit])]))
    }
    headers[.totalCount] = String(all.count)
    let now = services.operations.now()
    let services = services
    let producer = ListProducer(Array(names.prefix(limit)), format: format) { name, _, json in
      if let view = DeviceView(name, services: services, now: now) {
        json.device(view, inFull: false, interval: { _ in nil }, now: now)
      } else {
        // Forgotten since the list was made.
        json.forgottenDevice(name)
      }
    }
    return try .producing(
      producer, contentType: format.contentType, headers: headers, chunkBytes: limits.chunkBytes, for: context)
  }

  @Sendable private func device(_ request: Request, _ context: HubRequestContext) throws -> Response {
    _ = try QueryParameters(request, allowed: [])
    let name = try context.deviceName()
    let now = services.operations.now()
    guard let view = DeviceView(name, services: services, now: now) else { throw Problem.unknownDevice(name) }
    var json = JSONWriter(capacity: 4_096)
    let store = services.store
    json.device(view, inFull: true, interval: { store.interval(of: $0) }, now: now)
    return .json(&json)
  }

  @Sendable private func publish(_ request: Request, _ context: HubRequestContext) async throws -> Response {
    _ = try QueryParameters(request, allowed: [])
    let name = try context.deviceName()
    let payload = try await request.collectJSON(upTo: limits.maximumTelemetryBytes)
    guard !payload.isEmpty else {
      throw Problem(parameter: "body", received: "", allowed: "telemetry as JSON")
    }
    switch await services.operations.publishTelemetry(device: name, payload: payload) {
    case .committed: return Response(status: .noContent)
    case .deadLetter(let reason):
      var problem = Problem(.badRequest, "the message is kept as a dead letter: \(reason)")
      problem.parameter = "body"
      throw problem
    case .refused(let reason): throw Problem(.unprocessableContent, reason)
    case .unavailable(let reason):
      var problem = Problem(.serviceUnavailable, reason)
      problem.headers[.retryAfter] = "5"
      throw problem
    }
  }
}
