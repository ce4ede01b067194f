import Testing

@testable import HTTPAPI

@Suite struct HostNameTests {
  @Test(
    arguments: [
      ("localhost", "localhost"), ("LocalHost:8080", "localhost"), ("127.0.0.1:80", "127.0.0.1"), ("[::1]", "::1"),
      ("[::1]:8080", "::1"), ("hub.example.", "hub.example"), ("", nil), (":80", nil), ("[::1", nil), ("a:b", nil),
      ("a:123456", nil), ("[::1]x", nil), ("a:80:80", nil), (".", nil),
    ] as [(String, String?)])
  func takesTheHostOfAnAuthority(authority: String, host: String?) {
    #expect(HostName.host(ofAuthority: authority) == host)
  }

  @Test(arguments: [
    ("localhost", true), ("pi.localhost", true), ("127.0.0.1", true), ("127.255.0.9", true), ("::1", true),
    ("127.0.0.1.evil.example", false), ("127.0.0.1.nip.io", false), ("localhost.evil", false), ("xlocalhost", false),
    ("128.0.0.1", false), ("127.0.0", false), ("127.0.0.256", false), ("127.0.0.+1", false), ("127..0.1", false),
    ("0.0.0.0", false), ("evil.example", false), ("", false),
  ])
  func knowsLoopback(host: String, isLoopback: Bool) {
    #expect(HostName.isLoopback(host) == isLoopback)
  }

  @Test(
    arguments: [
      ("http://a", "a"), ("https://a:1", "a:1"), ("null", nil), ("ftp://a", nil), ("http://", nil), ("http://a/b", nil),
      ("http://a@b", nil),
    ] as [(String, String?)])
  func takesTheAuthorityOfAnOrigin(origin: String, authority: String?) {
    #expect(HostName.authority(ofOrigin: origin).map(String.init) == authority)
  }
}
