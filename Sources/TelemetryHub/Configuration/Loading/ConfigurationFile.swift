/// The text of a configuration file, read from disk.
struct ConfigurationFile: Sendable, Equatable {
  /// The path as the user gave it; it begins every message about the file.
  let path: String

  let text: String

  /// The longest file that is read, in bytes.
  static let maximumSize = 1 << 20

  init(path: String, text: String) {
    self.path = path
    self.text = text
  }

  /// Reads the file.
  ///
  /// - Throws: `ConfigurationError` where it cannot be read, is longer than `maximumSize`, or is not UTF-8 text.
  init(path: String) throws(ConfigurationError) {
    let origin = ConfigurationOrigin.file(path: path, line: nil)
    let bytes: [UInt8]
    switch readFile(path, atMost: Self.maximumSize) {
    case .bytes(let read): bytes = read
    case .tooLong:
      throw ConfigurationError(origin: origin, message: "longer than \(Self.maximumSize) bytes")
    case .failure(let reason):
      throw ConfigurationError(origin: origin, message: "cannot read: \(reason)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationError(origin: origin, message: "not UTF-8 text")
    }
    // A NUL is no TOML, and the parser beneath takes a C string, which would end there unnoticed.
    guard !bytes.contains(0) else {
      throw ConfigurationError(origin: origin, message: "holds a NUL character")
    }
    self.init(path: path, text: text)
  }
}
