/// What clients of a run may use; a failing seed can be narrowed down by leaving some out.
package struct SimulationFeatures: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// Sessions that outlive their connection (Clean Start 0, Session Expiry Interval).
  package static let sessions = Self(rawValue: 1 << 0)
  /// `$share/group/filter`.
  package static let sharedSubscriptions = Self(rawValue: 1 << 1)
  /// Topic Alias from client to server.
  package static let inboundAliases = Self(rawValue: 1 << 2)
  /// Topic Alias from server to client.
  package static let outboundAliases = Self(rawValue: 1 << 3)
  /// Will Delay Interval.
  package static let willDelay = Self(rawValue: 1 << 4)
  /// Limits so small that they are reached, and messages lost to them.
  package static let tightLimits = Self(rawValue: 1 << 5)
  /// Connections that break.
  package static let faults = Self(rawValue: 1 << 6)

  /// A hub that dies and goes on from what was committed.
  package static let restarts = Self(rawValue: 1 << 7)

  /// All but `restarts`, with which a seed makes another world.
  package static let all: Self = [
    .sessions, .sharedSubscriptions, .inboundAliases, .outboundAliases, .willDelay, .tightLimits, .faults,
  ]

  /// By the names that `simulate --without` takes.
  package static let named: [(name: String, feature: Self)] = [
    ("sessions", .sessions), ("shared", .sharedSubscriptions), ("inbound-aliases", .inboundAliases),
    ("outbound-aliases", .outboundAliases), ("will-delay", .willDelay), ("tight-limits", .tightLimits),
    ("faults", .faults), ("restarts", .restarts),
  ]
}
