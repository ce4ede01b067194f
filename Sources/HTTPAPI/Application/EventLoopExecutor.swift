import Hummingbird
package import NIOCore
package import ServiceLifecycle

/// Runs tasks on an event loop: what a connection's task has to do next it does where its bytes come in, without waking
/// another thread for it.
final class EventLoopExecutor: TaskExecutor {
  private let eventLoop: any EventLoop

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }

  /// Runs `body` on the threads that are for work that takes its time.
  static func onPool<Result>(_ body: () async throws -> Result) async rethrows -> Result {
    try await withTaskExecutorPreference(globalConcurrentExecutor, operation: body)
  }
}

/// A service whose tasks run on an event loop.
package struct EventLoopService<Base: Service>: Service, CustomStringConvertible {
  private let base: Base
  private let executor: EventLoopExecutor

  package init(_ base: Base, on eventLoop: any EventLoop) {
    self.base = base
    executor = EventLoopExecutor(eventLoop)
  }

  package var description: String { "a service on an event loop" }

  package func run() async throws {
    try await withTaskExecutorPreference(executor) { try await base.run() }
  }
}
