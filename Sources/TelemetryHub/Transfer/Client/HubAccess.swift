import Glibc
import HTTPAPI
import HubDatabase
import Logging
import TimeSeriesStorage

/// The way of a command to a hub's data: through the hub where it runs, else to its file.
struct HubAccess: Sendable {
  let configuration: HubConfiguration
  let environment: [String: String]

  private var sockets: [String] { configuration.adminSocketCandidates(environment: environment) }

  /// Connects to the running hub; nil where nobody listens.
  func connect() throws(TransferError) -> AdminConnection? {
    for path in sockets {
      if let connection = try AdminConnection(path: path) { return connection }
    }
    return nil
  }

  /// Opens the data directory of a stopped hub, as the owner of its file; no hub can start meanwhile.
  ///
  /// - Parameter makesFile: whether a hub without a file gets one; its directory must be there.
  func withStoppedHub(makesFile: Bool = false, _ body: (HubTransfer) async throws -> Void) async throws {
    let directory = configuration.storage.dataDirectory.path
    let file = directory + "/" + HubDatabase.fileName
    var owned = file
    if access(file, F_OK) != 0 {
      let code = errno
      guard code == ENOENT || code == ENOTDIR else {
        throw TransferError.system(operation: "open \(file)", reason: SystemWords.ofLastError)
      }
      guard makesFile, access(directory, F_OK) == 0 else { throw TransferError.noDatabase(path: file) }
      owned = directory
    }
    var logger = Logger(configuration)
    logger.logLevel = .warning
    try await FileIdentity.asOwner(of: owned) {
      let opened: HubDatabase.Opened
      do throws(DatabaseError) {
        opened = try HubDatabase.open(
          directory: directory, storage: StorageLimits(configuration), limits: DatabaseLimits(configuration),
          logger: logger)
      } catch .inUse {
        throw TransferError.lockedWithoutSocket(directory: directory, sockets: sockets)
      }
      defer { opened.database.stop() }
      try await body(HubTransfer(store: opened.store, database: opened.database))
    }
  }
}

extension ByteSource {
  /// Hands everything over, piece by piece, until `take` says false.
  func forEachPiece(_ take: ([UInt8]) throws -> Bool) throws {
    var source = self
    var bytes: [UInt8] = []
    var more = true
    while more {
      bytes.removeAll(keepingCapacity: true)
      more = try source.produce(into: &bytes, target: 128 << 10)
      if !bytes.isEmpty, try !take(bytes) { return }
    }
  }
}
