import DeviceManagement
import HTTPTypes
import Hummingbird
import TelemetryQuery
import TimeSeriesStorage

/// `GET /v1/readings`: raw or windowed readings of many series.
struct ReadingsRoutes {
  let services: HTTPServices
  let limits: HTTPLimits

  var routes: [APIRoute] {
    [
      APIRoute(
        .get, "/v1/readings", "readings: device, metric, from, to, every, agg, level, limit, format",
        isOnEventLoop: true
      ) { request, context in
        try await readings(request, context)
      }
    ]
  }

  @Sendable private func readings(_ request: Request, _ context: HubRequestContext) async throws -> Response {
    let parameters = try QueryParameters(
      request,
      allowed: ["device", "metric", "from", "to", "every", "agg", "level", "tz", "limit", "cursor", "format"])
    if let zone = parameters["tz"], zone != "UTC" {
      throw Problem(parameter: "tz", received: zone, allowed: "UTC")
    }
    let format = try AnswerFormat.choose(parameters, request, supported: [.json, .columns, .ndjson, .csv])
    let query = try ReadingsQuery(
      ReadingsParameters(parameters), now: services.operations.now(), limits: queryLimits(format))
    if query.selector.namesFewDevices {
      let reader = try ReadingsReader(query, store: services.store)
      if reader.isQuick { return try answer(reader, query, parameters, format, context) }
    }
    return try await EventLoopExecutor.onPool {
      let reader = try ReadingsReader(query, store: services.store)
      return try answer(reader, query, parameters, format, context)
    }
  }

  private func answer(
    _ reader: ReadingsReader, _ query: ReadingsQuery, _ parameters: QueryParameters, _ format: AnswerFormat,
    _ context: HubRequestContext
  ) throws -> Response {
    try refuseUnknown(reader)
    if format == .columns {
      let columns = try ColumnsProducer(reader)
      return try .producing(
        columns, contentType: format.contentType, headers: headers(columns.cursor, reader.level, query, parameters),
        chunkBytes: limits.columnChunkBytes, for: context)
    }
    // A short answer is made at once; of a long one the end is found first, so that its header can say whether it is
    // truncated, and then it is made again piece by piece up to that end, whatever was stored meanwhile.
    var short = ReadingsProducer(reader, format: format)
    var json = JSONWriter(capacity: 2_048)
    if try !short.produce(into: &json, target: limits.chunkBytes) {
      return .complete(
        &json, contentType: format.contentType, headers: headers(short.cursor, reader.level, query, parameters))
    }
    let end = try Self.end(of: reader)
    let unlimited = try ReadingsReader(unlimited(query, reader.level), store: services.store)
    return try .producing(
      ReadingsProducer(unlimited, format: format, end: end.flatMap { ReadingsEnd($0, in: unlimited) }),
      contentType: format.contentType, headers: headers(end, reader.level, query, parameters),
      chunkBytes: limits.chunkBytes,
      for: context)
  }

  /// Reads to the end without keeping anything: where the answer is cut, nil where it is complete.
  private static func end(of reader: ReadingsReader) throws -> QueryCursor? {
    var scout = reader
    while try scout.nextRun() != nil {}
    return scout.cursor
  }

  private func headers(
    _ end: QueryCursor?, _ level: QueryLevel, _ query: ReadingsQuery, _ parameters: QueryParameters
  ) -> HTTPFields {
    var headers = HTTPFields()
    if let end {
      // Times said relative to now and the level are pinned, so that all pages are of one answer.
      var pinned = [
        ("from", RFC3339.string(query.from)), ("to", RFC3339.string(query.to)), ("cursor", end.description),
      ]
      if query.every != nil { pinned.append(("level", level.rawValue)) }
      headers = .truncated(next: parameters.link(replacing: pinned))
    }
    headers[.level] = level.rawValue
    return headers
  }

  private func unlimited(_ query: ReadingsQuery, _ level: QueryLevel) throws -> ReadingsQuery {
    var limits = limits.query
    limits.maximumRows = .max
    return try ReadingsQuery(
      selector: query.selector, from: query.from, to: query.to, every: query.every, aggregate: query.aggregate,
      level: query.every == nil ? nil : level, limit: .max, cursor: query.cursor, limits: limits)
  }

  private func queryLimits(_ format: AnswerFormat) -> QueryLimits {
    var query = limits.query
    if format == .columns {
      query.maximumRows = min(query.maximumRows, limits.maximumColumnRows)
      query.defaultRows = min(query.defaultRows, query.maximumRows)
    }
    return query
  }

  /// A device named in full that nobody knows is an error where nothing else was found.
  private func refuseUnknown(_ reader: ReadingsReader) throws {
    guard reader.series.isEmpty else { return }
    let unknown = reader.unknownDevices.first { services.registry.record(of: $0) == nil }
    if let unknown { throw Problem.unknownDevice(unknown) }
  }
}

extension ReadingsParameters {
  fileprivate init(_ parameters: QueryParameters) {
    self.init()
    device = parameters["device"]
    metric = parameters["metric"]
    from = parameters["from"]
    to = parameters["to"]
    every = parameters["every"]
    agg = parameters["agg"]
    level = parameters["level"]
    limit = parameters["limit"]
    cursor = parameters["cursor"]
  }
}
