import ArgumentParser

/// Why a command could not do its work, with what to do.
enum TransferError: Error, Equatable, CustomStringConvertible {
  /// What the hub said.
  case refused(reason: String)
  case notHTTP
  case cutOff
  case noDatabase(path: String)
  case lockedWithoutSocket(directory: String, sockets: [String])
  case noPermission(path: String)
  case system(operation: String, reason: String)
  case input(path: String, reason: String)
  case output(path: String, reason: String)
  /// What is wrong with a file that was imported.
  case data(reason: String)

  var description: String {
    switch self {
    case .refused(let reason): reason
    case .notHTTP: "what answers on the admin socket is no hub"
    case .cutOff: "the hub ended the answer before it was complete"
    case .noDatabase(let path):
      "no hub runs, and there is no \(path): name the data directory with --data-dir DIR or --config FILE"
    case .lockedWithoutSocket(let directory, let sockets):
      sockets.isEmpty
        ? "a hub has \(directory), and its admin socket is off: stop it, or start it with --http-admin-socket auto"
        : "a hub has \(directory), but nobody answers on \(sockets.joined(separator: ", ")): "
          + "name its admin socket with --http-admin-socket PATH, or its configuration with --config FILE"
    case .noPermission(let path):
      "you may not connect to \(path): it is for the hub's user and group, so use sudo or join the group"
    case .system(let operation, let reason): "cannot \(operation): \(reason)"
    case .input(let path, let reason): "cannot read \(path): \(reason)"
    case .output(let path, let reason): "cannot write \(path): \(reason)"
    case .data(let reason): reason
    }
  }

  /// sysexits.h
  var exitCode: ExitCode {
    switch self {
    case .refused: ExitCode(1)
    case .notHTTP, .cutOff: ExitCode(76)
    case .noDatabase, .input: ExitCode(66)
    case .lockedWithoutSocket: ExitCode(69)
    case .noPermission: ExitCode(77)
    case .system: ExitCode(71)
    case .output: ExitCode(73)
    case .data: ExitCode(65)
    }
  }
}
