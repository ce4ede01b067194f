import FuzzTargets
import Glibc

/// libFuzzer's own main: its options and corpus folders are the arguments, the target is `FUZZ_TARGET`.
///
/// An environment variable, so that the processes that libFuzzer starts for `-merge` and `-fork` have it too.
@main
enum FuzzCommand {
  fileprivate static let target = getenv("FUZZ_TARGET").flatMap { name in
    FuzzTarget.all.first { $0.name == String(cString: name) }
  }

  static func main() {
    guard target != nil else {
      print("fuzz: FUZZ_TARGET must be one of", FuzzTarget.all.map(\.name).joined(separator: ", "))
      exit(2)
    }
    exit(runDriver(count, start, testOneInput))
  }

  /// Those of the command line, which overrule the target's own.
  private static var arguments: [String] {
    var arguments = CommandLine.arguments
    arguments.insert("-max_len=\(target?.maximumInputBytes ?? 0)", at: min(1, arguments.count))
    return arguments
  }

  // Never freed: libFuzzer reads them until the end, and its leak detector looks for what nobody holds. Nobody else
  // uses them, and `main` runs once.
  nonisolated(unsafe) private static let count = {
    let count = UnsafeMutablePointer<CInt>.allocate(capacity: 1)
    count.initialize(to: CInt(arguments.count))
    return count
  }()

  nonisolated(unsafe) private static let start = {
    let arguments = FuzzCommand.arguments
    let vector = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: arguments.count + 1)
    for (index, argument) in arguments.enumerated() { (vector + index).initialize(to: strdup(argument)) }
    (vector + arguments.count).initialize(to: nil)
    let start = UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>.allocate(capacity: 1)
    start.initialize(to: vector)
    return start
  }()
}

private func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzCommand.target?.run(start, count) ?? 0
}

/// Runs libFuzzer (compiler-rt, FuzzerDriver.cpp), which calls back with every input.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ testOneInput: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
