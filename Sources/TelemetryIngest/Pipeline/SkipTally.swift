/// What one message left out; counted only where the message is kept.
struct SkipTally {
  var nulls = 0
  var empty = 0
  var longTexts = 0
  var invalidMetrics = 0
  var numbers = 0
  var unknownMembers = 0
  var refusedSeries = 0
  var tooOld = 0
  var roundedIntegers = 0
  var redated = 0

  /// Values left out.
  var skipped: Int {
    nulls + empty + longTexts + invalidMetrics + numbers + unknownMembers + refusedSeries + tooOld
  }
}
