import TimeSeriesStorage

/// A list of things, each written when its turn comes.
struct ListProducer<Element: Sendable>: BodyProducer {
  private var elements: [Element]
  private let format: AnswerFormat
  private let csvHeader: String
  private let encode: @Sendable (Element, AnswerFormat, inout JSONWriter) -> Void
  private var next = 0

  /// - Parameter encode: writes one element, without the comma or line end around it.
  init(
    _ elements: [Element], format: AnswerFormat, csvHeader: String = "",
    encode: @escaping @Sendable (Element, AnswerFormat, inout JSONWriter) -> Void
  ) {
    self.elements = elements
    self.format = format
    self.csvHeader = csvHeader
    self.encode = encode
  }

  mutating func produce(into json: inout JSONWriter, target: Int) -> Bool {
    if next == 0 { begin(&json) }
    while next < elements.count {
      if json.count >= target { return true }
      if format == .json || format == .columns {
        if next > 0 { json.literal(",\n") }
        encode(elements[next], format, &json)
      } else {
        encode(elements[next], format, &json)
        json.newline()
      }
      next += 1
    }
    if format == .json || format == .columns { json.literal("]\n") }
    return false
  }

  private func begin(_ json: inout JSONWriter) {
    switch format {
    case .json, .columns: json.literal("[")
    case .csv:
      json.fragment(Array(csvHeader.utf8))
      json.newline()
    case .ndjson: break
    }
  }
}
