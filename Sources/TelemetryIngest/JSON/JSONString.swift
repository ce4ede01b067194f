/// Where a string's bytes are in the payload, without its quotes.
struct JSONString {
  var start: Int
  var count: Int
  /// Contains a backslash: to be unescaped before use.
  var isEscaped: Bool
}
