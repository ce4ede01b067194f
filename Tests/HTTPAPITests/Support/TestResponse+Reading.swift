import DeviceManagement
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore

extension TestResponse {
  var text: String { String(buffer: body) }

  /// The body, which must be one JSON value.
  var json: JSONValue {
    get throws { try JSONValue(parsing: Array(body.readableBytesView), maximumDepth: 32) }
  }

  /// The elements of the body's array.
  var rows: [JSONValue] {
    get throws {
      guard case .array(let rows) = try json else { return [] }
      return rows
    }
  }

  func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

  /// The target of `Link: <…>; rel="next"`.
  var next: String? {
    guard let link = header("Link"), link.hasSuffix(">; rel=\"next\""), link.hasPrefix("<") else { return nil }
    return String(link.dropFirst().prefix { $0 != ">" })
  }
}

extension TestClientProtocol {
  func get(_ uri: String, accept: String? = nil) async throws -> TestResponse {
    var headers = HTTPFields()
    if let accept { headers[.accept] = accept }
    return try await execute(uri: uri, method: .get, headers: headers)
  }

  func send(
    _ method: HTTPRequest.Method, _ uri: String, _ body: String = "", headers: HTTPFields = [:]
  ) async throws -> TestResponse {
    try await execute(uri: uri, method: method, headers: headers, body: ByteBuffer(string: body))
  }
}
