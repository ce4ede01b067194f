/// A value that a key of the configuration can hold: read from text, written as text.
///
/// `init(configurationText:)` reads whatever `configurationText` writes, and gives the same value back.
protocol ConfigurationValue: Sendable, Equatable {
  /// What is allowed, as the end of a sentence that begins "allowed: ".
  static var allowed: String { get }

  /// The placeholder in `--help`: `HOST:PORT`, `SIZE`.
  static var placeholder: String { get }

  /// Whether the value is written in the configuration file without quotes.
  static var isBare: Bool { get }

  /// Reads the text of a flag, a variable or a value of the file; `nil` where the text is none of what is allowed.
  init?(configurationText text: String)

  /// The value as one would write it in a flag or a variable.
  var configurationText: String { get }

  /// The value as one would write it in the configuration file, quotes included.
  var tomlText: String { get }
}

extension ConfigurationValue {
  static var isBare: Bool { false }

  var tomlText: String { Self.isBare ? configurationText : quoted(configurationText) }
}

/// The text as a basic string of TOML. (TOML 1.0.0, String)
func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
