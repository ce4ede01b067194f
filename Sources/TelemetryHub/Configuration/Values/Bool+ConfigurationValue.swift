extension Bool: ConfigurationValue {
  static var allowed: String { "true or false" }

  static var placeholder: String { "BOOL" }

  static var isBare: Bool { true }

  init?(configurationText text: String) {
    switch text {
    case "true": self = true
    case "false": self = false
    default: return nil
    }
  }

  var configurationText: String { self ? "true" : "false" }
}
