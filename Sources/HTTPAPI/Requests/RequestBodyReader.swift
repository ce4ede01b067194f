import HTTPTypes
import Hummingbird
import NIOCore

extension Request {
  /// The body, at most `limit` bytes.
  ///
  /// Any type that curl or a shell script sends by itself is taken for JSON; what is plainly something else is 415.
  func collectJSON(upTo limit: Int) async throws -> [UInt8] {
    if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" {
      throw Problem(
        parameter: "Content-Encoding", received: encoding, allowed: "identity", status: .unsupportedMediaType)
    }
    if let type = headers[.contentType], !Self.isTakenForJSON(type) {
      throw Problem(
        parameter: "Content-Type", received: type, allowed: "application/json", status: .unsupportedMediaType)
    }
    if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit {
      throw Problem.tooLarge(limit: limit)
    }
    do {
      let buffer = try await body.collect(upTo: limit)
      return Array(buffer.readableBytesView)
    } catch is NIOTooManyBytesError {
      throw Problem.tooLarge(limit: limit)
    } catch let error as HTTPError where error.status == .contentTooLarge {
      throw Problem.tooLarge(limit: limit)
    } catch let error as CancellationError {
      throw error
    } catch {
      // The connection broke off, or what came is no HTTP: the sender's doing, whatever the parser calls it.
      throw Problem(.badRequest, "the body ended before it was whole")
    }
  }

  private static func isTakenForJSON(_ contentType: String) -> Bool {
    let type = (contentType.split(separator: ";").first ?? "").lowercased().filter { $0 != " " && $0 != "\t" }
    switch type {
    case "application/json", "application/x-www-form-urlencoded", "text/plain", "application/octet-stream", "":
      return true
    default: return type.hasSuffix("+json")
    }
  }
}
