/// A number as it stood in the text.
struct JSONNumber: Equatable {
  /// Correctly rounded; infinite where the text is beyond what a double can hold.
  var value: Double
  /// The integer's digits, where `isInteger`.
  var magnitude: UInt64
  /// Written without fraction and exponent, in at most 19 digits.
  var isInteger: Bool
  /// An integer that `value` does not hold exactly, or one too long to tell.
  var isRounded: Bool
}
