/// Where a command is. What is not known is said to be unknown.
package enum CommandState: String, Sendable, Hashable, CaseIterable {
  /// In the device's queue; nothing has left the hub.
  case queued
  /// On its way: it may have reached the device.
  case sent
  /// The device acknowledged the message that carried it.
  case delivered
  /// The device's word: it will run.
  case accepted
  /// The device's word: it runs.
  case running
  case succeeded
  case failed
  /// The device's word: it did not run and will not.
  case rejected
  /// It never left the hub in time.
  case expired
  case cancelled
  /// It left; it may have run; no answer came in time.
  case unknown

  /// Nothing more is expected.
  package var isFinal: Bool {
    switch self {
    case .queued, .sent, .delivered, .accepted, .running: false
    case .succeeded, .failed, .rejected, .expired, .cancelled, .unknown: true
    }
  }

  /// The device itself ended it: no later word changes it. The hub's own conclusions (`expired`, `cancelled`,
  /// `unknown`) yield to late evidence from the device.
  package var isDevicesLastWord: Bool { self == .succeeded || self == .failed || self == .rejected }

  /// The device has spoken about it and has not ended it.
  var isInProgress: Bool { self == .accepted || self == .running }
}
