/// Something that takes any bytes at all: its properties hold for every input, or it throws what did not.
package struct FuzzTarget: Sendable {
  /// Names the program, and the folders of its seeds and kept cases.
  package let name: String
  /// Bytes of the longest input that is worth trying.
  package let maximumInputBytes: Int
  /// Deterministic: the same bytes give the same outcome.
  package let check: @Sendable (UnsafeRawBufferPointer) throws(FuzzFinding) -> Void

  package static let all: [FuzzTarget] = [packetDecoder, connectionStateMachine, topicTree, telemetry]

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
