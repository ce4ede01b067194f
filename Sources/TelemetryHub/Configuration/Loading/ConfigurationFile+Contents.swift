extension ConfigurationFile {
  /// A value of the file for a key of the table.
  struct Setting: Sendable {
    let key: ConfigurationKey
    let text: String
    let line: Int?
  }

  /// What the file says.
  struct Contents: Sendable {
    var settings: [Setting] = []

    /// Everything that is wrong with it.
    private(set) var errors: [ConfigurationError] = []

    /// Keys in full that the file means to set, as far as one can tell, in a way that cannot be read.
    private(set) var unreadable: Set<String> = []

    /// Keeps an error, and the keys that were meant where it stands.
    mutating func note(_ error: ConfigurationError, about keys: [ConfigurationKey]) {
      errors.append(error)
      unreadable.formUnion(keys.map(\.path))
    }
  }
}
