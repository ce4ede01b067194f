import DeviceAgentKit

extension Moment {
  /// The instant at which tests begin: an hour after boot, in November 2023.
  static let start = Moment(sinceBoot: .seconds(3600), unixMilliseconds: 1_700_000_000_000)

  /// Later by both clocks.
  func advanced(by duration: Duration) -> Moment {
    Moment(sinceBoot: sinceBoot + duration, unixMilliseconds: unixMilliseconds + duration.wholeMilliseconds)
  }
}
