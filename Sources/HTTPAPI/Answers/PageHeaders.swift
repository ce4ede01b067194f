import HTTPTypes

extension HTTPField.Name {
  /// "true" where there is more than the answer holds; `Link` says where it goes on.
  static let truncated = HTTPField.Name("X-Truncated")!  // A valid name: only a misspelt one is nil.
  /// What the windows of an answer were made of.
  static let level = HTTPField.Name("X-Level")!  // As above.
  /// How many there are in all.
  static let totalCount = HTTPField.Name("X-Total-Count")!  // As above.
  static let link = HTTPField.Name("Link")!  // As above.
}

extension HTTPFields {
  /// What an answer says that has been cut: `next` is the whole value of its `Link`.
  static func truncated(next: String) -> HTTPFields {
    [.truncated: "true", .link: next]
  }
}
