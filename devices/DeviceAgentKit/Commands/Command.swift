/// What the hub asks a device to do.
public struct Command: Sendable, Equatable {
  /// Unique; the hub may send a command more than once, and it runs at most once.
  public var id: String
  /// Which of the device's commands.
  public var name: String
  /// Always an object; empty where the hub sent none.
  public var arguments: JSONValue
  /// Unix milliseconds after which it must not begin any more.
  public var notAfter: Int64?

  /// Makes a command, for tests of a handler.
  public init(id: String, name: String, arguments: JSONValue = [:], notAfter: Int64? = nil) {
    self.id = id
    self.name = name
    self.arguments = arguments
    self.notAfter = notAfter
  }
}
