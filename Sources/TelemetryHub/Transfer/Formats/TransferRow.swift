import TimeSeriesStorage

/// A reading with the names of its series, as a file has it.
struct TransferRow: Sendable, Equatable {
  /// Unix milliseconds; nil where the file gives none: the time of the import.
  var time: Int64?
  var device: String
  var metric: String
  var value: Value
}

/// Why a line cannot be taken, in words for whoever wrote it.
struct RowFault: Error, Equatable, CustomStringConvertible {
  let reason: String
  /// No other line can be read either.
  var endsImport = false

  init(_ reason: String, endsImport: Bool = false) {
    self.reason = reason
    self.endsImport = endsImport
  }

  var description: String { reason }
}
