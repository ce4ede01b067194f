/// The result of a publishing load.
struct PublishReport {
  /// Delivered within the time; where nobody subscribed, published.
  let messages: Int
  let published: Int
  /// Published, but not delivered.
  let lost: Int
  private let nanoseconds: Int64
  private let processorTime: Int64

  init(from start: PublishCounts, to end: PublishCounts, messages: Int, lost: Int) {
    self.messages = messages
    self.lost = lost
    published = end.published - start.published
    nanoseconds = end.time - start.time
    processorTime = end.processorTime - start.processorTime
  }

  /// One JSON object; `generator_cpu` is the load generator's own use in processors.
  var json: String {
    let busy = (Double(processorTime) / Double(max(1, nanoseconds)) * 100).rounded() / 100
    return "{\"messages\":\(messages),\"published\":\(published),\"lost\":\(lost),"
      + "\"seconds\":\(Figures.seconds(nanoseconds)),\"rate\":\(Figures.rate(messages, in: nanoseconds)),"
      + "\"generator_cpu\":\(busy)}"
  }
}
