import ArgumentParser

/// Seeds as written on the command line: `1000..<5000`.
struct SeedRange: ExpressibleByArgument {
  let range: Range<UInt64>

  init(range: Range<UInt64>) { self.range = range }

  init?(argument: String) {
    guard let separator = argument.firstRange(of: "..<"),
      let lower = UInt64(argument[..<separator.lowerBound]), let upper = UInt64(argument[separator.upperBound...]),
      lower < upper
    else { return nil }
    range = lower..<upper
  }

  var defaultValueDescription: String { "\(range.lowerBound)..<\(range.upperBound)" }
}
