import CEpoll
import Glibc

/// Readiness of many sockets, told once a change (epoll(7), edge-triggered).
struct Poller: ~Copyable {
  private let descriptor: CInt
  private let events: UnsafeMutableBufferPointer<epoll_event>

  /// At most `capacity` sockets are told of at a time.
  init(capacity: Int = 512) throws {
    descriptor = epoll_create1(CInt(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { throw LoadFailure(call: "epoll_create1") }
    events = .allocate(capacity: capacity)
    events.initialize(repeating: epoll_event())
  }

  deinit {
    events.deallocate()
    close(descriptor)
  }

  /// Watches a socket for both directions; `token` comes back with what happens to it.
  ///
  /// It is forgotten by itself when the socket is closed.
  func add(_ socket: CInt, token: Int) throws {
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
    event.data.u64 = UInt64(token)
    guard epoll_ctl(descriptor, EPOLL_CTL_ADD, socket, &event) == 0 else { throw LoadFailure(call: "epoll_ctl") }
  }

  /// Waits for something to happen, at most so long, and returns how many sockets it happened to.
  func wait(milliseconds: Int) throws -> Int {
    let count = epoll_wait(descriptor, events.baseAddress, CInt(events.count), CInt(milliseconds))
    if count < 0, errno == EINTR { return 0 }
    guard count >= 0 else { throw LoadFailure(call: "epoll_wait") }
    return Int(count)
  }

  /// The socket and what happened to it, of those that `wait` counted.
  subscript(index: Int) -> (token: Int, isReadable: Bool, isWritable: Bool) {
    let event = events[index]
    let closed = EPOLLHUP.rawValue | EPOLLERR.rawValue | EPOLLRDHUP.rawValue
    return (
      Int(event.data.u64), event.events & (EPOLLIN.rawValue | closed) != 0,
      event.events & (EPOLLOUT.rawValue | closed) != 0
    )
  }
}
