import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /v1/export`, `POST /v1/import`, `GET /v1/backup`: served on the admin socket alone.
struct AdminRoutes {
  let operations: any AdminOperations
  let limits: HTTPLimits

  var routes: [APIRoute] {
    [
      APIRoute(.get, "/v1/export", "every reading: format, device, metric, from, to") { request, context in
        try export(request, context)
      },
      APIRoute(.post, "/v1/import", "take readings: format, precision, device-tag, metric-tags, strict") {
        request, context in
        try makeImport(request, context)
      },
      APIRoute(.get, "/v1/backup", "a copy of the database") { request, context in
        try await backup(request, context)
      },
    ]
  }

  private func export(_ request: Request, _ context: HubRequestContext) throws -> Response {
    let given = try QueryParameters(request, allowed: ExportParameters.names.map(\.name))
    var parameters = ExportParameters()
    for (name, path) in ExportParameters.names { parameters[keyPath: path] = given[name] }
    return stream(try answering { try operations.export(parameters) }, context)
  }

  private func backup(_ request: Request, _ context: HubRequestContext) async throws -> Response {
    _ = try QueryParameters(request, allowed: [])
    do {
      return stream(try await operations.backup(), context)
    } catch let problem as TransferProblem {
      throw Problem(problem)
    }
  }

  private func makeImport(_ request: Request, _ context: HubRequestContext) throws -> Response {
    let given = try QueryParameters(request, allowed: ImportParameters.names.map(\.name))
    var parameters = ImportParameters()
    for (name, path) in ImportParameters.names { parameters[keyPath: path] = given[name] }
    let sink = try answering { try operations.makeImport(parameters) }
    // The answer is written while the body is read, so that whoever sends it sees how far it came.
    return Response(
      status: .ok, headers: [.contentType: AnswerFormat.ndjson.contentType],
      body: ResponseBody { writer in
        var sink = sink
        for try await piece in request.body {
          let goesOn = try await sink.take(Array(piece.readableBytesView))
          let report = sink.takeReport()
          if !report.isEmpty { try await writer.write(ByteBuffer(bytes: report)) }
          guard goesOn else { break }
        }
        try await sink.finish()
        try await writer.write(ByteBuffer(bytes: sink.takeReport()))
        try await writer.finish(nil)
      })
  }

  private func stream(_ source: any ByteSource, _ context: HubRequestContext) -> Response {
    var headers: HTTPFields = [.contentType: source.contentType]
    if let count = source.byteCount { headers[.contentLength] = String(count) }
    let target = limits.transferChunkBytes
    let channel = context.channel
    let body = ResponseBody(contentLength: source.byteCount.map { Int($0) }) { writer in
      var source = source
      var bytes: [UInt8] = []
      var more = true
      while more {
        bytes.removeAll(keepingCapacity: true)
        more = try source.produce(into: &bytes, target: target)
        if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
        // As in `BodyProducer`: the event loop has to say whether the connection is full.
        try await channel.eventLoop.submit {}.get()
        try Task.checkCancellation()
      }
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: headers, body: body)
  }

  private func answering<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let problem as TransferProblem { throw Problem(problem) }
  }
}

extension Problem {
  fileprivate init(_ problem: TransferProblem) {
    switch problem {
    case .parameter(let name, let received, let allowed):
      self.init(parameter: name, received: received, allowed: allowed)
    case .busy(let reason): self.init(.conflict, reason)
    case .failed(let reason): self.init(.init(code: 507, reasonPhrase: "Insufficient Storage"), reason)
    }
  }
}
