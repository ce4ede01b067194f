import HTTPTypes
import Hummingbird

/// How an answer is written.
enum AnswerFormat: String, CaseIterable {
  /// An array of objects.
  case json
  /// An array with one object a series, its times and values each an array.
  case columns
  /// An object a line.
  case ndjson
  case csv

  /// The media types that ask for it; the first is the one answered with.
  var mediaTypes: [String] {
    switch self {
    case .json: ["application/json"]
    case .columns: ["application/vnd.telemetry-hub.columns+json"]
    case .ndjson: ["application/x-ndjson", "application/ndjson", "application/jsonl"]
    case .csv: ["text/csv"]
    }
  }

  var contentType: String {
    switch self {
    case .json, .columns: "application/json"
    case .ndjson: "application/x-ndjson"
    case .csv: "text/csv; charset=utf-8; header=present"
    }
  }

  /// By `?format=`, else by `Accept`, else the first of those supported.
  static func choose(
    _ parameters: QueryParameters, _ request: Request, supported: [AnswerFormat]
  ) throws -> AnswerFormat {
    if let name = parameters["format"] {
      guard let format = AnswerFormat(rawValue: name), supported.contains(format) else {
        throw Problem(
          parameter: "format", received: name, allowed: supported.map(\.rawValue).joined(separator: ", "))
      }
      return format
    }
    guard request.headers.contains(.accept) else { return supported[0] }
    let accept = request.headers[values: .accept].joined(separator: ",")
    guard !accept.isEmpty else { return supported[0] }
    let ranges = MediaRange.parse(accept)
    var best: (format: AnswerFormat, quality: Double)?
    for format in supported {
      let quality = format.mediaTypes.map { MediaRange.quality(of: $0, by: ranges) }.max() ?? 0
      if quality > best?.quality ?? 0 { best = (format, quality) }
    }
    guard let best else {
      throw Problem(
        parameter: "Accept", received: accept, allowed: supported.map { $0.mediaTypes[0] }.joined(separator: ", "),
        status: .notAcceptable)
    }
    return best.format
  }
}
