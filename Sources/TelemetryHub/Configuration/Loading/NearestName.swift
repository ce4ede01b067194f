/// The candidate that a mistyped name most probably meant, or `nil` where none is near.
///
/// Near means that at most a third of the name's characters must be changed, added or removed.
func nearestName(to name: String, among candidates: [String]) -> String? {
  guard name.count <= 80 else { return nil }
  let ranked = candidates.map { (name: $0, distance: editDistance(name.lowercased(), $0.lowercased())) }
  guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
  if best.distance <= max(1, name.count / 3) { return best.name }
  // `packet-size` for `maximum-packet-size`: too far to edit, yet unmistakable where only one candidate holds it.
  let holders = candidates.filter { name.count >= 4 && ($0.contains(name.lowercased())) }
  return holders.count == 1 ? holders[0] : nil
}

/// How many characters must be changed, added or removed to make one text the other. (Levenshtein 1966)
func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first)
  let b = Array(second)
  var row = Array(0...b.count)
  for i in a.indices {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let substitution = diagonal + (a[i] == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
