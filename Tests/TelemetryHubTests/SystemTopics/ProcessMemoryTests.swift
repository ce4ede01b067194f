import Testing

@testable import TelemetryHub

@Suite struct ProcessMemoryTests {
  @Test(
    arguments: [
      ("VmRSS:\t    9000 kB\nRssAnon:\t    1234 kB\nRssFile:\t 5 kB\n", 1_263_616), ("RssAnon:\t0 kB\n", 0),
      ("RssFile:\t 5 kB\n", nil), ("", nil), ("RssAnon:\t kB", nil), ("RssAnon: 99999999999999999999 kB", nil),
      ("RssAnon: 9223372036854775807 kB", nil), ("NotRssAnon: 1 kB", nil),
    ] as [(String, Int?)])
  func readsTheKernelsLine(status: String, bytes: Int?) {
    #expect(ProcessMemory.residentAnonymousBytes(inStatus: Array(status.utf8)) == bytes)
  }

  @Test func knowsThisProcess() throws {
    let before = try #require(ProcessMemory.residentAnonymousBytes())
    let block = [UInt8](repeating: 1, count: 64 * 1_024 * 1_024)
    let after = try #require(ProcessMemory.residentAnonymousBytes())
    // Other tests run beside it and may free some meanwhile.
    #expect(after - before > 32 * 1_024 * 1_024)
    #expect(block.last == 1)
  }
}
