/// Whether the hub can do its work.
package enum Readiness: Sendable, Equatable {
  case ready
  case notReady(reason: String)
}
