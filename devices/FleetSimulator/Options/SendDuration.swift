import ArgumentParser

/// A length of time: `500ms`, `10s`, `2m`, `1h`; a bare number is seconds.
struct SendDuration: ExpressibleByArgument, Sendable, Equatable {
  let nanoseconds: Int64

  init?(argument: String) {
    let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
    let unit = units.first { argument.hasSuffix($0.suffix) }
    let digits = argument.dropLast(unit?.suffix.count ?? 0)
    guard let number = Double(digits), number > 0 else { return nil }
    let seconds = number * (unit?.seconds ?? 1)
    guard seconds <= 1e9 else { return nil }
    nanoseconds = Int64(seconds * 1e9)
  }

  var seconds: Double { Double(nanoseconds) / 1e9 }
}
