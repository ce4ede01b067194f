/// Windows of a length, aligned to the Unix epoch.
enum Window {
  /// The start of the window that `time` is in; the length is above 0.
  static func start(of time: Int64, length: Int64) -> Int64 {
    let rest = time % length
    // Wraps only for the first window of all time.
    return rest >= 0 ? time - rest : time &- rest &- length
  }
}
