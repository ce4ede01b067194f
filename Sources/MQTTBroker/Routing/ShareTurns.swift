/// Who of a group takes what another member leaves: in turn, until each has refused once.
struct ShareTurns {
  private var takers: [RouteTarget]
  /// Asked when none of the former takes anything more.
  private var substitutes: [RouteTarget]
  private var place: Int
  private var refused: [RouteTarget] = []
  private var refusedPlace = 0

  init(of group: ShareGroup, _ takers: [RouteTarget], substitutes: [RouteTarget] = []) {
    self.takers = takers
    self.substitutes = substitutes
    place = takers.isEmpty ? 0 : group.nextTurn(of: takers.count)
  }

  /// The next who takes a message; whoever does not is not asked again, so that a full group is walked once.
  mutating func next(where takes: (RouteTarget) -> Bool) -> RouteTarget? {
    while true {
      if takers.isEmpty {
        guard !substitutes.isEmpty else { return nil }
        swap(&takers, &substitutes)
      }
      if place >= takers.count { place = 0 }
      let target = takers[place]
      if takes(target) {
        place += 1
        return target
      }
      refused.append(target)
      takers.swapAt(place, takers.count - 1)
      takers.removeLast()
    }
  }

  /// The next of those who refused.
  mutating func nextRefused() -> RouteTarget? {
    guard !refused.isEmpty else { return nil }
    defer { refusedPlace += 1 }
    return refused[refusedPlace % refused.count]
  }
}
