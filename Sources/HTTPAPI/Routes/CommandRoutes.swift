import DeviceManagement
import HTTPTypes
import Hummingbird
import TelemetryQuery
import TimeSeriesStorage

/// Commands: send, follow, list, cancel.
struct CommandRoutes {
  let services: HTTPServices
  let limits: HTTPLimits

  var routes: [APIRoute] {
    [
      APIRoute(.post, "/v1/devices/{device}/commands", "send a command: wait") { request, context in
        try await send(request, context)
      },
      APIRoute(.get, "/v1/devices/{device}/commands", "a device's commands, newest first: limit, format") {
        request, context in
        try list(request, context)
      },
      APIRoute(.get, "/v1/commands/{id}", "one command: wait") { request, context in
        try await follow(request, context)
      },
      APIRoute(.delete, "/v1/commands/{id}", "cancel a command that is still queued") { request, context in
        try cancel(request, context)
      },
    ]
  }

  @Sendable private func send(_ request: Request, _ context: HubRequestContext) async throws -> Response {
    let parameters = try QueryParameters(request, allowed: ["wait"])
    let wait = try wait(parameters)
    let device = try knownDevice(context)
    let body = try await request.collectJSON(upTo: limits.maximumCommandBytes)
    let management = services.commands.limits
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: body, maximumDepth: management.maximumJSONDepth)
    } catch {
      var problem = Problem(.badRequest, "\(error)")
      problem.parameter = "body"
      problem.allowed = "{\"name\":\"…\",\"arguments\":{…},\"ttl_s\":60}"
      throw problem
    }
    let command = try services.commands.create(
      device: device, request: try CommandRequest(json, limits: management), now: services.operations.now())
    services.operations.commandCreated(command)
    guard let wait else {
      return answer(services.commands.get(command.id) ?? command, status: .created)
    }
    let final = await services.commands.waitWhileConnected(for: command.id, timeout: wait, context: context)
    let known = final ?? command
    return answer(known, status: known.state.isFinal ? .ok : .accepted)
  }

  @Sendable private func follow(_ request: Request, _ context: HubRequestContext) async throws -> Response {
    let parameters = try QueryParameters(request, allowed: ["wait"])
    let wait = try wait(parameters)
    guard var command = services.commands.get(context.commandID()) else { throw CommandError.notFound }
    if let wait, !command.state.isFinal {
      command =
        await services.commands.waitWhileConnected(for: command.id, timeout: wait, context: context) ?? command
    }
    return answer(command, status: .ok)
  }

  @Sendable private func cancel(_ request: Request, _ context: HubRequestContext) throws -> Response {
    _ = try QueryParameters(request, allowed: [])
    let command = try services.commands.cancel(context.commandID(), now: services.operations.now())
    return answer(command, status: .ok)
  }

  @Sendable private func list(_ request: Request, _ context: HubRequestContext) throws -> Response {
    let parameters = try QueryParameters(request, allowed: ["limit", "cursor", "format"])
    let format = try AnswerFormat.choose(parameters, request, supported: [.json, .ndjson])
    let limit = try parameters.count("limit", default: limits.defaultCommands, maximum: limits.maximumCommands)
    let all = Array(services.commands.list(device: try knownDevice(context)).reversed())
    var commands = all[...]
    if let cursor = parameters["cursor"] { commands = commands.drop { $0.id > cursor } }
    var headers: HTTPFields = [:]
    if commands.count > limit {
      headers = .truncated(next: parameters.link(replacing: [("cursor", commands[commands.startIndex + limit].id)]))
    }
    headers[.totalCount] = String(all.count)
    let producer = ListProducer(Array(commands.prefix(limit)), format: format) { command, _, json in
      json.command(command)
    }
    return try .producing(
      producer, contentType: format.contentType, headers: headers, chunkBytes: limits.chunkBytes, for: context)
  }

  private func answer(_ command: Command, status: HTTPResponse.Status) -> Response {
    var json = JSONWriter()
    json.command(command)
    return .json(&json, status: status, headers: [.location: "/v1/commands/\(command.id)"])
  }

  private func knownDevice(_ context: HubRequestContext) throws -> String {
    let name = try context.deviceName()
    guard services.store.findDevice(named: name) != nil || services.registry.record(of: name) != nil else {
      throw Problem.unknownDevice(name)
    }
    return name
  }

  /// `wait=10s`; nil where not given.
  private func wait(_ parameters: QueryParameters) throws -> Duration? {
    guard let text = parameters["wait"] else { return nil }
    let limit = services.commands.limits.maximumWait
    let milliseconds = try DurationExpression.parse(text, parameter: "wait")
    guard milliseconds <= limit else {
      throw Problem(parameter: "wait", received: text, allowed: "at most \(limit / 1_000)s")
    }
    return .milliseconds(milliseconds)
  }
}
