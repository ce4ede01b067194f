internal import Glibc

/// Tells addresses from names.
package enum NumericAddress {
  /// Whether a host is an IPv4 or IPv6 address, which needs no resolving.
  package static func isValid(_ host: String) -> Bool {
    var bytes: (UInt64, UInt64) = (0, 0)
    // A scope (fe80::1%eth0) is for getaddrinfo, which does not have to ask anybody for it.
    let address = host.prefix { $0 != "%" }
    return inet_pton(AF_INET, host, &bytes) == 1 || inet_pton(AF_INET6, String(address), &bytes) == 1
  }
}
