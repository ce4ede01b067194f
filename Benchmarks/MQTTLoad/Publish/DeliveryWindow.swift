/// How far the publishers of a topic may be ahead of its slowest subscriber.
///
/// So no server has to drop a message for a slow reader, and what is measured is what was delivered. Progress is counted
/// in batches, a quarter of the window, so that it costs nothing a message.
struct DeliveryWindow {
  /// Messages.
  let batch: Int
  private let window: Int
  private let subscribers: Int
  private var published = 0
  /// Batches that every subscriber has.
  private var finished = 0
  /// How many subscribers have each batch from `finished` on; a ring.
  private var reached: [Int]

  init(window: Int, subscribers: Int) {
    self.window = window
    self.subscribers = subscribers
    batch = max(1, window / 4)
    reached = Array(repeating: 0, count: window / batch + 2)
  }

  /// Messages that may be published now; without subscribers any number.
  var allowance: Int { subscribers == 0 ? .max : finished * batch + window - published }

  mutating func publish(_ count: Int) { published += count }

  /// A subscriber has all of the batch of that number. Returns whether more may be published now.
  mutating func subscriberFinished(batch index: Int) -> Bool {
    reached[index % reached.count] += 1
    var goesOn = false
    while reached[finished % reached.count] == subscribers {
      reached[finished % reached.count] = 0
      finished += 1
      goesOn = true
    }
    return goesOn
  }
}
