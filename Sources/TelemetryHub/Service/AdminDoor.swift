import Glibc
import HTTPAPI
import Logging
import NIOCore
import ServiceLifecycle

/// The admin socket: HTTP for the hub's own user and group.
struct AdminDoor: Service, CustomStringConvertible {
  /// Read and write for user and group. (unix(7): to connect is to write)
  private static let mode: mode_t = 0o660

  let path: String
  let configuration: HTTPConfiguration
  let services: HTTPServices
  let transfer: HubTransfer
  let eventLoopGroup: any EventLoopGroup
  let logger: Logger
  /// Ends when the socket may be opened: once nothing else can be in the way of the hub's start.
  let mayListen: AsyncStream<Void>
  /// Finished when the socket can be connected to.
  let isListening: AsyncStream<Void>.Continuation

  var description: String { "the admin socket" }

  func run() async throws {
    for await _ in mayListen.cancelOnGracefulShutdown() {}
    guard !Task.isCancelled, !Task.isShuttingDownGracefully else { return }
    try removeStaleSocket()
    defer { unlink(path) }
    do {
      try await makeAdminApplication(
        path: path, configuration: configuration, services: services, operations: transfer,
        eventLoopGroup: eventLoopGroup, logger: logger.forLibraries
      ) {
        chmod(path, Self.mode)
        isListening.finish()
      }.run()
    } catch let error as CancellationError {
      throw error
    } catch {
      throw HubStartError.cannotListenOnSocket(path: path, reason: HubStartError.words(for: error))
    }
  }

  /// The data directory's lock tells that no other hub lives: a socket that is there was left by one that was killed.
  private func removeStaleSocket() throws {
    guard UnixSocketPath.fits(path) else {
      throw HubStartError.cannotListenOnSocket(path: path, reason: UnixSocketPath.tooLongWords(path))
    }
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw HubStartError.cannotListenOnSocket(path: path, reason: "there is something else than a socket")
    }
    unlink(path)
  }
}
