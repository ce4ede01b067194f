import DeviceAgentKit

/// An HTTP answer as curl got it.
struct HTTPAnswer {
  let status: Int
  /// Names in lower case.
  let headers: [String: String]
  let body: [UInt8]

  /// Reads what `curl --include` writes: heads, of which the last one counts, and the body.
  init(parsing bytes: [UInt8]) throws {
    var rest = bytes[...]
    var status = 0
    var headers: [String: String] = [:]
    repeat {
      guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else { throw HarnessError("no HTTP head") }
      let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
      guard let first = lines.first, let code = first.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
      else { throw HarnessError("no HTTP status line") }
      status = code
      headers = Dictionary(
        lines.dropFirst().compactMap { line in
          guard let colon = line.firstIndex(of: ":") else { return nil }
          return (line[..<colon].lowercased(), String(line[line.index(after: colon)...].drop { $0 == " " }))
        }, uniquingKeysWith: { "\($0), \($1)" })
      rest = rest[end.upperBound...]
    } while status < 200
    self.status = status
    self.headers = headers
    body = Array(rest)
  }

  var text: String { String(decoding: body, as: UTF8.self) }

  var lines: [Substring] { text.split(separator: "\n") }

  func json() throws -> JSONValue {
    do {
      return try JSONReader.value(body)
    } catch {
      throw HarnessError("not JSON (\(error)): \(text.prefix(500))")
    }
  }
}

extension JSONValue {
  /// The elements of an array; nothing for anything else.
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
}
