internal import Glibc
internal import Synchronization

/// Looks up the addresses of a host name on a thread of its own: asking a name server may take half a minute.
///
/// Whoever loses patience drops it; the thread then ends by itself.
final class NameResolution: Sendable {
  /// The addresses in the order of preference, or why there are none.
  typealias Outcome = Result<[String], Failure>

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private static let running = Atomic<Int>(0)

  private let outcome = Mutex<Outcome?>(nil)
  private let pipe: WakePipe

  /// To poll for reading: ready when there is an outcome.
  var descriptor: FileDescriptor { pipe.reader }

  /// - Throws: where too many look-ups hang already, or no thread can be had.
  init(_ host: String) throws(SystemError) {
    pipe = try WakePipe()
    guard Self.running.load(ordering: .relaxed) < AgentLimits.hangingResolutions else {
      throw SystemError(operation: "look up \(host) while earlier look-ups hang", code: EAGAIN)
    }
    Self.running.add(1, ordering: .relaxed)
    do {
      // The thread keeps this object alive until it is through, and nothing else.
      try BackgroundThread.start { [self] in
        let result = Self.addresses(of: host)
        outcome.withLock { $0 = result }
        Self.running.subtract(1, ordering: .relaxed)
        pipe.wake()
      }
    } catch {
      Self.running.subtract(1, ordering: .relaxed)
      throw error
    }
  }

  /// The outcome, once.
  func take() -> Outcome? {
    outcome.withLock { outcome in
      defer { outcome = nil }
      return outcome
    }
  }

  private static func addresses(of host: String) -> Outcome {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &list)
    guard code == 0 else {
      return .failure(Failure(description: "\(host) cannot be resolved: \(String(cString: gai_strerror(code)))"))
    }
    defer { freeaddrinfo(list) }
    var addresses: [String] = []
    var next = list
    while let entry = next?.pointee {
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      let status = getnameinfo(
        entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
      let address = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      if status == 0, !addresses.contains(address) { addresses.append(address) }
      next = entry.ai_next
    }
    return addresses.isEmpty ? .failure(Failure(description: "\(host) has no address")) : .success(addresses)
  }
}
