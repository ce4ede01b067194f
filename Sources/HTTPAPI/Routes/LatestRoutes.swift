import DeviceManagement
import HTTPTypes
import Hummingbird
import TelemetryQuery
import TimeSeriesStorage

/// `GET /v1/latest`: the newest reading of each series.
struct LatestRoutes {
  let services: HTTPServices
  let limits: HTTPLimits

  var routes: [APIRoute] {
    [
      APIRoute(
        .get, "/v1/latest", "newest reading of each series: device, metric, limit, format", isOnEventLoop: true
      ) { request, context in
        try await latest(request, context)
      }
    ]
  }

  @Sendable private func latest(_ request: Request, _ context: HubRequestContext) async throws -> Response {
    let parameters = try QueryParameters(request, allowed: ["device", "metric", "limit", "cursor", "format"])
    let format = try AnswerFormat.choose(parameters, request, supported: [.json, .ndjson, .csv])
    let limit = try parameters.count("limit", default: limits.defaultLatest, maximum: limits.maximumLatest)
    let selector = try Selector(device: parameters["device"], metric: parameters["metric"], limits: limits.query)
    if selector.namesFewDevices { return try answer(selector, parameters, format, limit, context) }
    return try await EventLoopExecutor.onPool { try answer(selector, parameters, format, limit, context) }
  }

  private func answer(
    _ selector: Selector, _ parameters: QueryParameters, _ format: AnswerFormat, _ limit: Int,
    _ context: HubRequestContext
  ) throws -> Response {
    let start = try parameters["cursor"].map(Self.position)
    let page = selector.page(in: services.store, from: start, limit: limit)
    // A later page may well be empty; that there was a first one shows that something fits.
    if start == nil, page.series.isEmpty,
      let unknown = page.unknownDevices.first(where: { services.registry.record(of: $0) == nil })
    {
      throw Problem.unknownDevice(unknown)
    }
    var headers: HTTPFields = [:]
    if let next = page.next {
      headers = .truncated(next: parameters.link(replacing: [("cursor", "\(next.device)/\(next.metric)")]))
    }
    let rows = rows(page.series, now: services.operations.now())
    let producer = ListProducer(rows, format: format, csvHeader: LatestRow.csvHeader) { row, format, json in
      row.encode(format, into: &json)
    }
    return try .producing(
      producer, contentType: format.contentType, headers: headers, chunkBytes: limits.chunkBytes, for: context)
  }

  /// What a cursor says, `device/metric`: neither name has a slash.
  private static func position(_ cursor: String) throws -> SeriesPosition {
    let names = cursor.split(separator: "/", omittingEmptySubsequences: false)
    guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else {
      throw Problem(parameter: "cursor", received: cursor, allowed: "what a Link header gave")
    }
    return SeriesPosition(device: String(names[0]), metric: String(names[1]))
  }

  private func rows(_ series: [SelectedSeries], now: Int64) -> [LatestRow] {
    var rows: [LatestRow] = []
    rows.reserveCapacity(series.count)
    for selected in series {
      // A series whose readings have all been evicted has none to show.
      guard let summary = services.store.summary(of: selected.id), let latest = summary.latest else { continue }
      let age = now.subtractingClamped(latest.reading.time)
      let quality: LatestRow.Quality =
        if let interval = services.store.interval(of: summary) {
          age <= Presence.expectedAge(interval: interval) ? .fresh : .late
        } else {
          .unknown
        }
      rows.append(LatestRow(series: selected, latest: latest, age: age, quality: quality))
    }
    return rows
  }
}
