/// How far a walk over the topics that match a filter has come.
package struct TopicWalk: Sendable {
  let filter: [TopicLevel]
  /// What was looked at last, nil before the walk; it need not be there any more.
  var place: [TopicLevel]?

  package init(filter: [TopicLevel]) { self.filter = filter }
}
