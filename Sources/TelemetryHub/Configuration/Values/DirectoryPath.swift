/// The path of a directory; it need not exist yet.
struct DirectoryPath: Sendable, Equatable {
  /// The path as it was written, absolute or relative to the working directory.
  let path: String

  init(_ path: String) { self.path = path }
}

extension DirectoryPath: ConfigurationValue {
  static var allowed: String { "the path of a directory" }
  static var placeholder: String { "DIR" }

  init?(configurationText text: String) {
    guard !text.isEmpty, !text.utf8.contains(0) else { return nil }
    self.init(text)
  }

  var configurationText: String { path }
}
