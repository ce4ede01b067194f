import Hummingbird

/// A request's query parameters. One that the route does not know is refused by name, so that a typo does not silently
/// widen a query; so is one given twice.
struct QueryParameters {
  private(set) var values: [(name: String, value: String)] = []
  private let path: String

  init(_ request: Request, allowed: [String]) throws {
    path = request.uri.path
    guard let query = request.uri.query, !query.isEmpty else { return }
    for part in query.split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = PercentEncoding.decode(pair[0]),
        let value = PercentEncoding.decode(pair.count > 1 ? pair[1] : "")
      else {
        throw Problem(parameter: "query", received: String(part), allowed: "percent-encoded UTF-8")
      }
      guard allowed.contains(name) else {
        throw Problem(
          parameter: name, received: name,
          allowed: allowed.isEmpty ? "no parameter here" : "the parameters \(allowed.joined(separator: ", "))")
      }
      guard self[name] == nil else {
        throw Problem(parameter: name, received: "it twice", allowed: "once")
      }
      values.append((name, value))
    }
  }

  subscript(name: String) -> String? { values.first { $0.name == name }?.value }

  /// A count from 1 to `maximum`.
  func count(_ name: String, default standard: Int, maximum: Int) throws -> Int {
    guard let text = self[name] else { return standard }
    guard let count = Int(text), count >= 1, count <= maximum else {
      throw Problem(parameter: name, received: text, allowed: "a whole number from 1 to \(maximum)")
    }
    return count
  }

  /// This request again with some parameters replaced: the value of a `Link` header to the next page.
  func link(replacing replaced: [(name: String, value: String)]) -> String {
    let kept = values.filter { value in !replaced.contains { $0.name == value.name } }
    let query = (kept + replaced).map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
    return "<\(path)?\(query.joined(separator: "&"))>; rel=\"next\""
  }
}
