import HubDatabase
import ServiceLifecycle

/// Ends the hub where its file turns out to be damaged: systemd starts it again, and the start salvages what it can.
struct DamageWatch: Service, CustomStringConvertible {
  let database: HubDatabase

  var description: String { "the watch for damage" }

  func run() async throws {
    for await error in database.damage.cancelOnGracefulShutdown() { throw HubDamageError(error: error) }
  }
}

/// Why the hub has to start anew.
struct HubDamageError: Error, CustomStringConvertible {
  let error: SQLiteError

  var description: String {
    "\(error): the hub's file is damaged; started again, the hub salvages what can be read of it"
  }
}
