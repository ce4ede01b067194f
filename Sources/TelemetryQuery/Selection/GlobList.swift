/// A comma-separated list of patterns; a name fits if it fits any.
struct GlobList: Sendable, Equatable {
  let globs: [Glob]

  /// - Throws: `QueryError` for an empty, overlong or too long a list.
  init(_ text: String, parameter: String, limits: QueryLimits) throws(QueryError) {
    guard text.utf8.count <= limits.maximumSelectorBytes else {
      throw QueryError(
        parameter: parameter, received: "\(text.utf8.count) bytes",
        allowed: "at most \(limits.maximumSelectorBytes) bytes")
    }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty }) else {
      throw QueryError(
        parameter: parameter, received: text, allowed: "names separated by commas, * for any characters and ? for one")
    }
    guard parts.count <= limits.maximumPatterns else {
      throw QueryError(
        parameter: parameter, received: "\(parts.count) names", allowed: "at most \(limits.maximumPatterns) names")
    }
    globs = parts.map { Glob(String($0)) }
  }

  /// The names themselves, each once and sorted by their bytes, where no pattern has a wildcard.
  var literals: [String]? {
    var names: [String] = []
    for glob in globs {
      guard let name = glob.literal else { return nil }
      names.append(name)
    }
    guard names.count > 1 else { return names }
    names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var unique: [String] = []
    for name in names where unique.last?.utf8.elementsEqual(name.utf8) != true { unique.append(name) }
    return unique
  }

  func matches(_ name: String) -> Bool { globs.contains { $0.matches(name) } }
}
