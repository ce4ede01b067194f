/// Actions that are still to be carried out, in order.
struct ActionQueue {
  private var actions: [AgentAction] = []
  private var position = 0

  mutating func append(_ more: [AgentAction]) { actions += more }

  mutating func next() -> AgentAction? {
    guard position < actions.count else {
      actions.removeAll(keepingCapacity: true)
      position = 0
      return nil
    }
    defer { position += 1 }
    return actions[position]
  }
}
