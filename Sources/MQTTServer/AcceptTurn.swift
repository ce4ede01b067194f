import Synchronization

/// Which of a listener's channels accepts, by the index of its event loop.
final class AcceptTurn: Sendable {
  private let index = Atomic<Int>(0)

  func isAt(_ index: Int) -> Bool { self.index.load(ordering: .relaxed) == index }

  /// Gives the turn to another; returns whose it was, nil where nothing changed.
  func pass(to index: Int) -> Int? {
    let former = self.index.exchange(index, ordering: .relaxed)
    return former == index ? nil : former
  }
}
