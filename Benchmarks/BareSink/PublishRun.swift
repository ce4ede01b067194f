/// Publishes to one topic that stand one behind the other in received bytes.
struct PublishRun {
  let topic: TopicKey
  var range: Range<Int>
}
