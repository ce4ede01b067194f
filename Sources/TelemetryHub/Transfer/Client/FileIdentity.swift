import Glibc

/// Lets root do the hub's work as the owner of the hub's files, so that no file of root's is among them.
enum FileIdentity {
  /// Runs `body` as the owner of a file, where this process is root's; as whoever it is, where not.
  static func asOwner<Result>(of path: String, _ body: () async throws -> Result) async throws -> Result {
    var status = stat()
    guard geteuid() == 0, stat(path, &status) == 0, status.st_uid != 0 else { return try await body() }
    let group = getegid()
    // The group first: without root's rights it could not be changed any more.
    guard setegid(status.st_gid) == 0 else { throw failure(path) }
    defer { setegid(group) }
    guard seteuid(status.st_uid) == 0 else { throw failure(path) }
    defer { seteuid(0) }
    return try await body()
  }

  private static func failure(_ path: String) -> TransferError {
    .system(operation: "work as the owner of \(path)", reason: SystemWords.ofLastError)
  }
}
