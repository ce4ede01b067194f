import HTTPTypes
import Hummingbird

/// Refuses requests that change something where they were not meant for this hub: a web page elsewhere can make a
/// browser send them to a loopback address, by name tricks (`Host`) or across origins (`Origin`).
struct ForeignRequestGuard: Sendable {
  private let allowedHosts: Set<String>

  init(_ configuration: HTTPConfiguration) {
    allowedHosts = Set((configuration.allowedHosts + [configuration.host]).map { $0.lowercased() })
  }

  /// A request without `Host` or `Origin` comes from no browser and passes.
  func check(_ request: Request) throws {
    let authority = request.head.authority ?? ""
    if !authority.isEmpty {
      guard let host = HostName.host(ofAuthority: authority), HostName.isLoopback(host) || allowedHosts.contains(host)
      else {
        throw Problem(
          parameter: "Host", received: authority, allowed: "a name or address of this hub", status: .forbidden)
      }
    }
    for origin in request.headers[values: .origin] {
      // Its own pages have its own host and port; a page on another port of this machine is foreign too.
      guard let source = HostName.authority(ofOrigin: origin), let host = HostName.host(ofAuthority: source),
        source.lowercased() == authority.lowercased() || allowedHosts.contains(host) && !HostName.isLoopback(host)
      else {
        throw Problem(parameter: "Origin", received: origin, allowed: "this hub's own pages", status: .forbidden)
      }
    }
  }
}
