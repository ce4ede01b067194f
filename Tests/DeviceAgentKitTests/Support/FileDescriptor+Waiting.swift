import DeviceAgentKit
import Glibc

extension FileDescriptor {
  func waitUntilReadable(within timeout: Duration) {
    var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    poll(&entry, 1, Int32(clamping: timeout.wholeMilliseconds))
  }
}
