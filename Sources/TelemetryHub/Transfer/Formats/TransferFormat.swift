/// How readings are written in a file (docs/operations.md).
enum TransferFormat: String, CaseIterable, Sendable {
  /// Comma-separated values (RFC 4180) with a header.
  case csv
  /// A JSON object a line.
  case ndjson
  /// InfluxDB line protocol: read only.
  case influx

  /// Those that an export can be written in.
  static let written: [TransferFormat] = [.csv, .ndjson]

  /// The format's names, for messages.
  static func names(_ formats: [TransferFormat]) -> String { formats.map(\.rawValue).joined(separator: ", ") }

  var contentType: String {
    switch self {
    case .csv: "text/csv; charset=utf-8; header=present"
    case .ndjson: "application/x-ndjson"
    case .influx: "text/plain; charset=utf-8"
    }
  }

  /// What a file's name says; nil where it says nothing.
  init?(fileName: String) {
    switch fileName.split(separator: ".").last.map({ $0.lowercased() }) {
    case "csv": self = .csv
    case "ndjson", "jsonl": self = .ndjson
    case "lp", "influx", "line": self = .influx
    default: return nil
    }
  }

  /// What the first bytes of the contents look like.
  init(contents: some Collection<UInt8>) {
    let line = contents.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
      .prefix { $0 != 0x0A && $0 != 0x0D }
    if line.first == UInt8(ascii: "{") {
      self = .ndjson
    } else {
      // A header of ours has no blank and no `=`; a line of InfluxDB has both.
      self = line.contains(UInt8(ascii: "=")) || line.first == UInt8(ascii: "#") ? .influx : .csv
    }
  }
}
