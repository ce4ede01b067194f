/// A count: digits only.
extension Int: ConfigurationValue {
  static var allowed: String { "a whole number" }
  static var placeholder: String { "COUNT" }
  static var isBare: Bool { true }

  init?(configurationText text: String) {
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    self.init(text)
  }

  var configurationText: String { "\(self)" }
}
