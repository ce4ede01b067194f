/// Reads the lines of one format.
protocol RowReader: Sendable {
  /// Whether a line feed between quotes belongs to its field.
  static var quotesLineFeeds: Bool { get }

  /// Appends the readings of a line, all of them or none; a line may well have none.
  mutating func read(_ line: [UInt8], into rows: inout [TransferRow]) throws(RowFault)

  /// Names of what the lines have and the hub has no place for, sorted.
  var ignoredNames: [String] { get }
}

extension RowReader {
  static var quotesLineFeeds: Bool { false }
  var ignoredNames: [String] { [] }
}

extension String {
  /// A field of a line.
  init(field bytes: some Sequence<UInt8>, _ name: String) throws(RowFault) {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw RowFault("\(name) is not UTF-8") }
    self = text
  }

  /// The beginning of a text, for a message of one line.
  var abbreviatedForMessage: String {
    let shown = String(
      unicodeScalars.prefix(40).map { $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : Character($0) })
    return unicodeScalars.count > 40 ? "\"\(shown)…\"" : "\"\(shown)\""
  }
}
