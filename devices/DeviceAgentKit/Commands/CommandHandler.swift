/// One command that an agent offers.
public struct CommandHandler {
  /// What the hub calls it.
  public var name: String
  /// What it does, in a few words.
  public var summary: String
  /// Whether the hub is told `running` before it begins.
  public var mayTakeLong: Bool
  let run: (Command) throws -> JSONValue

  /// - Parameters:
  ///   - name: what the hub calls it.
  ///   - run: does it, on the agent's thread, and returns the result. An error's description is what the hub is told;
  ///     throw `CommandRejection` where nothing was done.
  public init(
    _ name: String, summary: String = "", mayTakeLong: Bool = false, run: @escaping (Command) throws -> JSONValue
  ) {
    self.name = name
    self.summary = summary
    self.mayTakeLong = mayTakeLong
    self.run = run
  }
}
