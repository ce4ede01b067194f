import MQTTBroker

/// Two trees: filters that topics are matched with, and topics that filters are matched with.
struct TopicTreeWorld {
  private var filters = CheckedTopicTree()
  private var topics = CheckedTopicTree()
  /// As they were once: a change must not reach whoever holds the old tree.
  private var former: [(filters: CheckedTopicTree, topics: CheckedTopicTree)] = []
  private var lastValue = 0

  mutating func step(_ input: inout FuzzInput) throws(FuzzFinding) {
    lastValue += 1
    switch input.choice(of: 8) {
    case 0, 1: if let filter = TopicPath.filter(&input) { filters.set(lastValue, at: filter) }
    case 2: if let filter = TopicPath.filter(&input) { filters.set(nil, at: filter) }
    case 3: if let topic = TopicPath.topic(&input) { topics.set(lastValue, at: topic) }
    case 4: if let topic = TopicPath.topic(&input) { topics.set(nil, at: topic) }
    case 5: if let topic = TopicPath.topic(&input) { try filters.checkFilters(matching: topic) }
    case 6:
      if let filter = TopicPath.filter(&input) {
        try topics.checkTopics(matching: filter, steps: input.choice(of: 4))
      }
    default: if former.count < 4 { former.append((filters, topics)) }
    }
  }

  func finish() throws(FuzzFinding) {
    for (filters, topics) in former + [(filters, topics)] {
      try filters.checkExact()
      try topics.checkExact()
      for topic in topics.paths { try filters.checkFilters(matching: topic) }
      for filter in filters.paths { try topics.checkTopics(matching: filter, steps: 0) }
    }
  }
}
