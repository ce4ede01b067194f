/// What the values of a block are.
enum ColumnKind: UInt8 {
  case number = 0
  case boolean = 1
  case text = 2
  /// Of more than one kind: the block has a column that says which, reading by reading.
  case mixed = 3

  init(_ kind: PendingReading.Kind) {
    self =
      switch kind {
      case .number: .number
      case .boolean: .boolean
      case .text: .text
      }
  }

  /// What holds both.
  func joined(with other: ColumnKind) -> ColumnKind { self == other ? self : .mixed }
}
