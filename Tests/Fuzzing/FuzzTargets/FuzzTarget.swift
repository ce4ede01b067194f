/// Something that takes any bytes at all: its properties hold for every input, or it throws what did not.
package struct FuzzTarget: Sendable {
  /// Names the program, and the folders of its seeds and kept cases.
  package let name: String
  /// Bytes of the longest input that is worth trying.
  package let maximumInputBytes: Int
  /// How many changed inputs the tests try: as many as take some seconds.
  package let testedMutations: Int
  /// Deterministic: the same bytes give the same outcome.
  package let check: @Sendable (UnsafeRawBufferPointer) throws(FuzzFinding) -> Void

  init(
    name: String, maximumInputBytes: Int, testedMutations: Int = 2_000,
    check: @escaping @Sendable (UnsafeRawBufferPointer) throws(FuzzFinding) -> Void
  ) {
    self.name = name
    self.maximumInputBytes = maximumInputBytes
    self.testedMutations = testedMutations
    self.check = check
  }

  package static let all: [FuzzTarget] = [
    packetDecoder, connectionStateMachine, topicTree, telemetry, timeSeriesStore,
  ]

  package func check(_ input: [UInt8]) throws(FuzzFinding) {
    try ExactMemory.lend(input, check)
  }

  /// One input of libFuzzer, which notices a finding by the trap.
  package func run(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do throws(FuzzFinding) {
      try check(UnsafeRawBufferPointer(start: start, count: count))
    } catch {
      fatalError("\(name): \(error)")
    }
    return 0
  }
}
