import ArgumentParser
import Glibc
import NIOCore
import NIOPosix

/// `bare-sink`: an MQTT server that does next to nothing, to show what a load generator can do.
@main
struct BareSinkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bare-sink",
    abstract: "Accepts MQTT publishes, acknowledges them, and drops them or passes them on.",
    discussion: "Prints the address it listens on to the standard error, and the count of messages when it is stopped.")

  @Option(help: "The port on 127.0.0.1; 0 lets the kernel choose.")
  var port = 0

  @Option(help: "Event loops.")
  var threads = 2

  @Flag(help: "Take subscriptions to plain topics and pass publishes on, on one event loop.")
  var fanOut = false

  func run() throws {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    raiseFileLimit()

    let counter = SinkCounter()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: fanOut ? 1 : max(1, threads))
    let table = fanOut ? NIOLoopBoundBox<FanOutTable>.makeBoxSendingValue(FanOutTable(), eventLoop: group.next()) : nil
    let server = try ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 64 * 1024))
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(SinkHandler(counter: counter, table: table))
        }
      }
      .bind(host: "127.0.0.1", port: port).wait()
    var standardError = StandardError()
    print("listening mqtt=127.0.0.1:\(server.localAddress?.port ?? 0)", to: &standardError)

    var received: CInt = 0
    sigwait(&signals, &received)
    print("\(counter.total) messages")
    try? server.close().wait()
    try group.syncShutdownGracefully()
  }

  private func raiseFileLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
