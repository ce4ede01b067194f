/// A value that is one of a few words.
protocol ConfigurationChoice: ConfigurationValue, CaseIterable, RawRepresentable where RawValue == String {}

extension ConfigurationChoice {
  static var allowed: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }

  init?(configurationText text: String) { self.init(rawValue: text) }

  var configurationText: String { rawValue }
}
