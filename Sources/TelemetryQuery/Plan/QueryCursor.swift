/// Where a truncated answer goes on: the series and the time of the first row that was not given.
///
/// As text `<Unix ms>/<device>/<metric>`: neither name can hold a slash.
package struct QueryCursor: Sendable, Equatable, CustomStringConvertible {
  package var device: String
  package var metric: String
  package var time: Int64

  package init(device: String, metric: String, time: Int64) {
    self.device = device
    self.metric = metric
    self.time = time
  }

  /// - Throws: `QueryError` naming `parameter`.
  package init(parsing text: String, parameter: String = "cursor") throws(QueryError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard text.utf8.count <= 512, parts.count == 3, let time = Int64(parts[0]), !parts[1].isEmpty, !parts[2].isEmpty
    else {
      throw QueryError(parameter: parameter, received: text, allowed: "a cursor as an earlier answer's Link gave it")
    }
    self.init(device: String(parts[1]), metric: String(parts[2]), time: time)
  }

  package var description: String { "\(time)/\(device)/\(metric)" }

  /// Whether a series comes before the cursor's, in the order of an answer.
  func isBehind(device: String, metric: String) -> Bool {
    if device != self.device { return device.utf8.lexicographicallyPrecedes(self.device.utf8) }
    return metric.utf8.lexicographicallyPrecedes(self.metric.utf8)
  }
}
