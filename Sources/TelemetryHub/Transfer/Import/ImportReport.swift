import DeviceManagement

/// What an import tells about itself, read line by line by the command that started it.
struct ImportReport {
  private static let maximumDepth = 8

  private var splitter = LineSplitter(quotesLineFeeds: false)
  private(set) var lines: Int64 = 0
  private(set) var readings: Int64 = 0
  private(set) var refused: Int64 = 0
  private(set) var tooOld: Int64 = 0
  private(set) var faults: Int64 = 0
  private(set) var ignoredTags: [String] = []
  /// Why it ended before the file did.
  private(set) var error: String?
  /// Whether the last line came: all of it is durable.
  private(set) var isFinished = false

  /// Takes the next bytes; `fault` gets each line of the file that was not taken, with the reason.
  mutating func take(_ bytes: [UInt8], fault: (_ line: Int64, _ reason: String) -> Void) {
    var found: [JSONValue] = []
    _ = bytes.withUnsafeBytes { buffer in
      splitter.take(buffer) { _, line in
        if case .text(let text) = line, let json = try? JSONValue(parsing: text, maximumDepth: Self.maximumDepth) {
          found.append(json)
        }
        return true
      }
    }
    for json in found {
      if let line = json.count("line") {
        fault(line, json["reason"]?.text ?? "")
        continue
      }
      lines = json.count("lines") ?? lines
      readings = json.count("readings") ?? readings
      refused = json.count("refused") ?? refused
      guard json["done"] != nil else { continue }
      isFinished = true
      tooOld = json.count("too_old") ?? 0
      faults = json.count("faults") ?? 0
      error = json["error"]?.text
      if case .array(let names) = json["ignored_tags"] { ignoredTags = names.compactMap(\.text) }
    }
  }
}

extension JSONValue {
  fileprivate func count(_ name: String) -> Int64? {
    guard case .number(let literal) = self[name] else { return nil }
    return Int64(literal)
  }
}
