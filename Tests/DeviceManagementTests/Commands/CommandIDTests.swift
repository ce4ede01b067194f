import Testing

@testable import DeviceManagement

@Suite struct CommandIDTests {
  @Test func hasTheTimeInFrontAndRandomBitsBehind() {
    #expect(CommandID.make(time: 0, random: (0, 0)) == String(repeating: "0", count: 26))
    #expect(CommandID.make(time: 1, random: (0, 0)) == "00000000010000000000000000")
    #expect(CommandID.make(time: Int64.max, random: (.max, .max)) == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")
    #expect(CommandID.make(time: -5, random: (0, 31)) == "0000000000000000000000000Z")
  }

  @Test func sortsByTime() {
    var random = SeededGenerator(seed: 7)
    let ids = (0..<1_000).map { CommandID.make(time: 1_790_000_000_000 + $0, random: (random.next(), random.next())) }
    #expect(ids == ids.sorted())
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { $0.utf8.count == 26 })
  }
}
