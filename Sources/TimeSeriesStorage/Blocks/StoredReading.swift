/// A reading as blocks keep it.
struct StoredReading {
  var time: Int64
  /// A double's bit pattern, 0 or 1, or a `TextBox` this value owns one reference of.
  var bits: UInt64
  var kind: PendingReading.Kind

  /// A text's box and reference; released by the block that takes it.
  init(time: Int64, text: String) {
    self.time = time
    bits = UInt64(UInt(bitPattern: Unmanaged.passRetained(TextBox(text)).toOpaque()))
    kind = .text
  }

  init(time: Int64, bits: UInt64, kind: PendingReading.Kind) {
    self.time = time
    self.bits = bits
    self.kind = kind
  }

  /// A further reading of a text that others have too.
  init(time: Int64, sharing box: TextBox) {
    self.time = time
    bits = UInt64(UInt(bitPattern: Unmanaged.passRetained(box).toOpaque()))
    kind = .text
  }

  /// The value as a caller sees it.
  var value: Value {
    switch kind {
    case .number: .number(Double(bitPattern: bits))
    case .boolean: .boolean(bits != 0)
    case .text: .text(Self.textBox(bits)?._withUnsafeGuaranteedRef { $0.text } ?? "")
    }
  }

  /// The box in a text's bits, without taking its reference.
  static func textBox(_ bits: UInt64) -> Unmanaged<TextBox>? {
    UnsafeRawPointer(bitPattern: UInt(truncatingIfNeeded: bits)).map(Unmanaged.fromOpaque)
  }
}
