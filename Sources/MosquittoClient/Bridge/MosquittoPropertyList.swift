internal import CMosquitto

/// A property list to send; owns libmosquitto's memory.
struct MosquittoPropertyList: ~Copyable {
  private(set) var head: OpaquePointer?

  init() {}

  deinit {
    var list = head
    mosquitto_property_free_all(&list)
  }

  mutating func add(_ identifier: Int32, integer value: UInt32) throws(MosquittoError) {
    try check(mosquitto_property_add_int32(&head, identifier, value), identifier)
  }

  mutating func add(_ identifier: Int32, string value: String) throws(MosquittoError) {
    try check(mosquitto_property_add_string(&head, identifier, value), identifier)
  }

  mutating func add(_ identifier: Int32, binary value: [UInt8]) throws(MosquittoError) {
    guard let count = UInt16(exactly: value.count) else {
      throw .invalidArgument("property \(identifier) of \(value.count) bytes")
    }
    let code = value.withUnsafeBytes { mosquitto_property_add_binary(&head, identifier, $0.baseAddress, count) }
    try check(code, identifier)
  }

  mutating func add(_ identifier: Int32, name: String, value: String) throws(MosquittoError) {
    try check(mosquitto_property_add_string_pair(&head, identifier, name, value), identifier)
  }

  private func check(_ code: Int32, _ identifier: Int32) throws(MosquittoError) {
    if let error = MosquittoError(code: code, savedErrno: 0, what: "property \(identifier)") { throw error }
  }
}
