/// Where and how bytes are not JSON (RFC 8259), or go beyond the bound on depth.
package struct JSONFault: Error, Sendable, Equatable {
  package enum Kind: UInt8, Sendable, CaseIterable {
    case unexpectedEnd
    case expectedValue
    case expectedKey
    case expectedColon
    case expectedCommaOrBrace
    case expectedCommaOrBracket
    case invalidLiteral
    case invalidNumber
    case invalidEscape
    case loneSurrogate
    case controlCharacter
    case invalidUTF8
    case trailingBytes
    case tooDeep
  }

  package var kind: Kind
  /// Offset from the payload's first byte.
  package var byte: Int

  package init(_ kind: Kind, at byte: Int) {
    self.kind = kind
    self.byte = byte
  }
}

extension JSONFault: CustomStringConvertible {
  package var description: String {
    switch kind {
    case .unexpectedEnd: "invalid JSON at byte \(byte): unexpected end"
    case .expectedValue: "invalid JSON at byte \(byte): expected a value"
    case .expectedKey: "invalid JSON at byte \(byte): expected a key in quotes"
    case .expectedColon: "invalid JSON at byte \(byte): expected ':'"
    case .expectedCommaOrBrace: "invalid JSON at byte \(byte): expected ',' or '}'"
    case .expectedCommaOrBracket: "invalid JSON at byte \(byte): expected ',' or ']'"
    case .invalidLiteral: "invalid JSON at byte \(byte): expected true, false or null"
    case .invalidNumber: "invalid JSON at byte \(byte): invalid number"
    case .invalidEscape: "invalid JSON at byte \(byte): invalid escape"
    case .loneSurrogate: "invalid JSON at byte \(byte): lone surrogate"
    case .controlCharacter: "invalid JSON at byte \(byte): control character in a string"
    case .invalidUTF8: "invalid JSON at byte \(byte): invalid UTF-8"
    case .trailingBytes: "invalid JSON at byte \(byte): bytes after the value"
    case .tooDeep: "JSON too deep at byte \(byte)"
    }
  }
}
