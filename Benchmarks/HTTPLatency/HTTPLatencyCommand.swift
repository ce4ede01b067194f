import ArgumentParser
import Glibc

/// `http-latency`: how long a server takes to answer one request after the other on a connection that stays open.
@main
struct HTTPLatencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "http-latency", abstract: "Measures the time from a GET to the last byte of its answer.",
    discussion: """
      One blocking socket with TCP_NODELAY, one request at a time. Prints one JSON object; times are microseconds. The \
      exit code is 1 where an answer is not 200 or cannot be read.
      """)

  @Option(help: "The server's host, an IPv4 address.")
  var host = "127.0.0.1"

  @Option(help: "The server's port.")
  var port: UInt16

  @Option(help: "Path and query of the request.")
  var path: String

  @Option(help: "Requests that are measured.")
  var requests = 1_000

  @Option(help: "Requests before those.")
  var warmUp = 100

  @Option(help: "At most so long, in seconds; then what has been measured counts.")
  var seconds = 60

  func validate() throws {
    guard path.hasPrefix("/") else { throw ValidationError("--path is \(path); it has to begin with a slash") }
    guard requests > 0 else { throw ValidationError("--requests is \(requests); 1 and more are allowed") }
  }

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    var connection = try HTTPConnection(host: host, port: port)
    let request = Array("GET \(path) HTTP/1.1\r\nHost: \(host):\(port)\r\nAccept: */*\r\n\r\n".utf8)
    var times: [Int64] = []
    var bytes = 0
    let end = Clock.now() + Int64(seconds) * 1_000_000_000
    for number in 0..<warmUp + requests {
      let start = Clock.now()
      guard start < end else { break }
      bytes = try connection.answer(to: request)
      if number >= warmUp { times.append(Clock.now() - start) }
    }
    times.sort()
    func microseconds(_ quantile: Double) -> String {
      guard !times.isEmpty else { return "null" }
      let place = min(times.count - 1, Int((Double(times.count) * quantile).rounded(.down)))
      return "\((Double(times[place]) / 100).rounded() / 10)"
    }
    print(
      "{\"requests\":\(times.count),\"bytes\":\(bytes),\"p50_us\":\(microseconds(0.5)),\"p99_us\":\(microseconds(0.99)),"
        + "\"max_us\":\(microseconds(1))}")
  }
}
