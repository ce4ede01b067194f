import Testing

@testable import TelemetryHub

@Suite struct AdminSocketPathTests {
  @Test(
    arguments: [
      ("auto", "/d", [:], "/d/admin.sock", ["/d/admin.sock"]),
      (
        "auto", "/d", ["RUNTIME_DIRECTORY": "/run/a:/run/b"], "/run/a/admin.sock",
        ["/run/a/admin.sock", "/d/admin.sock"]
      ),
      (
        "auto", "/var/lib/telemetry-hub", [:], "/var/lib/telemetry-hub/admin.sock",
        ["/run/telemetry-hub/admin.sock", "/var/lib/telemetry-hub/admin.sock"]
      ),
      ("/x.sock", "/d", ["RUNTIME_DIRECTORY": "/run/a"], "/x.sock", ["/x.sock"]),
      ("off", "/d", ["RUNTIME_DIRECTORY": "/run/a"], nil, []),
    ] as [(String, String, [String: String], String?, [String])])
  func isWhereItIsLookedFor(
    text: String, directory: String, environment: [String: String], path: String?, candidates: [String]
  ) throws {
    var configuration = HubConfiguration()
    configuration.http.adminSocket = try #require(AdminSocket(configurationText: text))
    configuration.storage.dataDirectory = DirectoryPath(directory)
    #expect(configuration.adminSocketPath(environment: environment) == path)
    #expect(configuration.adminSocketCandidates(environment: environment) == candidates)
  }

  @Test func pathsOfSocketsAreShort() {
    #expect(UnixSocketPath.maximumBytes == 107)
    #expect(UnixSocketPath.fits(String(repeating: "x", count: 107)))
    #expect(UnixSocketPath.address(String(repeating: "x", count: 108)) == nil)
  }
}
