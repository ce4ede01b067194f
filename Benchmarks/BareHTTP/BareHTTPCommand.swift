import ArgumentParser
import Hummingbird
import Logging
import NIOCore
import NIOPosix

/// `bare-http`: what Hummingbird itself takes to answer, for `http-latency` to be compared with.
@main
struct BareHTTPCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bare-http", abstract: "Answers every GET / with the same few bytes, on one event loop.")

  @Option(help: "Bytes of the answer.")
  var bytes = 120

  func run() async throws {
    let router = Router()
    let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: bytes)
    router.get("/") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/json; charset=utf-8"], body: ResponseBody(byteBuffer: body))
    }
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { channel in
        var errors = StandardError()
        print("listening http=127.0.0.1:\(channel.localAddress?.port ?? 0)", to: &errors)
      },
      eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup(numberOfThreads: 1)),
      logger: Logger(label: "bare-http") { _ in SwiftLogNoOpLogHandler() })
    try await application.runService()
  }
}
