import ArgumentParser

/// How fast a fleet sends.
enum SendRate: ExpressibleByArgument, Sendable, Equatable {
  /// As fast as the hub takes it.
  case maximum
  /// Messages a second of the whole fleet.
  case messagesPerSecond(Double)

  init?(argument: String) {
    if argument == "max" {
      self = .maximum
    } else if let rate = Double(argument), rate > 0, rate <= 1e9 {
      self = .messagesPerSecond(rate)
    } else {
      return nil
    }
  }
}

extension SendRate: CustomStringConvertible {
  /// The argument that gives this rate: `max`, `100`, `0.5`.
  var description: String {
    switch self {
    case .maximum: "max"
    case .messagesPerSecond(let rate): Int(exactly: rate).map(String.init) ?? "\(rate)"
    }
  }
}
