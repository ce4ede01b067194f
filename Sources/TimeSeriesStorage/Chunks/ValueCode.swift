/// How the values of a chunk are written.
enum ValueCode: Equatable {
  /// As differences of decimal mantissas, with corrections where there are any.
  case decimal(DecimalScale)
  /// As differences of bit patterns: for values that no decimal is near.
  case pattern
}
