extension TopicFilter {
  /// Whether `topic` is among what `filter` asks for (MQTT 5.0 §4.7).
  ///
  /// The plain reading of the rules, for authorization and as the reference that faster matchers are tested against.
  /// A shared subscription is matched by its `SharedSubscription.filter`.
  package static func matches(filter: UnsafeRawBufferPointer, topic: UnsafeRawBufferPointer) -> Bool {
    let slash = UInt8(ascii: "/")
    guard let firstOfFilter = filter.first, let firstOfTopic = topic.first else { return false }
    // A wildcard in the first level leaves out topics that begin with `$` [MQTT-4.7.2-1].
    if firstOfTopic == UInt8(ascii: "$"), firstOfFilter == UInt8(ascii: "+") || firstOfFilter == UInt8(ascii: "#") {
      return false
    }
    var filterRest = filter[...]
    var topicRest = topic[...]
    while true {
      let filterLevel = filterRest.prefix { $0 != slash }
      if filterLevel.elementsEqual(CollectionOfOne(UInt8(ascii: "#"))) { return true }
      let topicLevel = topicRest.prefix { $0 != slash }
      guard filterLevel.elementsEqual(CollectionOfOne(UInt8(ascii: "+"))) || filterLevel.elementsEqual(topicLevel)
      else { return false }
      filterRest = filterRest[filterLevel.endIndex...]
      topicRest = topicRest[topicLevel.endIndex...]
      // `sport/#` matches `sport` too: `#` stands for the parent level as well (MQTT 5.0 §4.7.1.2).
      if topicRest.isEmpty { return filterRest.isEmpty || filterRest.elementsEqual("/#".utf8) }
      if filterRest.isEmpty { return false }
      filterRest = filterRest.dropFirst()
      topicRest = topicRest.dropFirst()
    }
  }

  package static func matches(filter: some Collection<UInt8>, topic: some Collection<UInt8>) -> Bool {
    ContiguousBytes.with(filter) { filter in ContiguousBytes.with(topic) { matches(filter: filter, topic: $0) } }
  }

  package static func matches(filter: String, topic: String) -> Bool {
    matches(filter: filter.utf8, topic: topic.utf8)
  }
}
