/// Finds what someone meant to write.
enum NearestName {
  /// The candidate with the fewest single-character changes; nil where even that one is too different.
  static func find(_ name: String, among candidates: [String]) -> String? {
    let best = candidates.map { (name: $0, distance: distance(name, $0)) }.min { $0.distance < $1.distance }
    guard let best, best.distance <= max(best.name.count / 2, 1) else { return nil }
    return best.name
  }

  /// Levenshtein distance; of a long text only the start counts.
  static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.prefix(64))
    let right = Array(right.prefix(64))
    var row = Array(0...right.count)
    for (index, character) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (other, candidate) in right.enumerated() {
        let change = diagonal + (character == candidate ? 0 : 1)
        diagonal = row[other + 1]
        row[other + 1] = min(change, diagonal + 1, row[other] + 1)
      }
    }
    return row[right.count]
  }
}
