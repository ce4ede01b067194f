import Logging

extension Logger.Level: ConfigurationChoice {
  static var placeholder: String { "LEVEL" }
}
