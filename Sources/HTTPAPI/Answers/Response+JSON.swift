import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
  /// One JSON value and a line end.
  static func json(
    _ json: inout JSONWriter, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) -> Response {
    json.newline()
    return complete(&json, contentType: AnswerFormat.json.contentType, status: status, headers: headers)
  }

  /// What has been written, as the whole answer.
  static func complete(
    _ json: inout JSONWriter, contentType: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) -> Response {
    var headers = headers
    headers[.contentType] = contentType
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: json.take()))
  }

  static func text(_ text: String, contentType: String = "text/plain; charset=utf-8") -> Response {
    Response(
      status: .ok, headers: [.contentType: contentType], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
