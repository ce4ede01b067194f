/// A client identifier as sessions are told apart by it: byte for byte [MQTT-3.1.3-2].
///
/// Swift compares strings as people read them: it takes U+00E9 and U+0065 U+0301 for one, and they are two clients.
struct ClientName: Hashable {
  let identifier: String

  init(_ identifier: String) { self.identifier = identifier }

  static func == (left: ClientName, right: ClientName) -> Bool {
    left.identifier.utf8.elementsEqual(right.identifier.utf8)
  }

  func hash(into hasher: inout Hasher) {
    var identifier = identifier
    identifier.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
