/// What a program that ended has left.
struct Outcome: Sendable {
  let ending: ChildProcess.Ending
  let output: [UInt8]
  let errors: String

  var text: String { String(decoding: output, as: UTF8.self) }

  /// Standard output's lines, without a final empty one.
  var lines: [String] { text.split(separator: "\n").map(String.init) }
}

/// Runs a program to its end.
@discardableResult
func run(
  _ program: String, _ arguments: [String], environment: [String: String] = [:], input: String = "/dev/null",
  within time: Duration = .seconds(20)
) throws -> Outcome {
  try ChildProcess(program, arguments, environment: environment, input: input).outcome(within: time)
}

extension ChildProcess {
  func outcome(within time: Duration = .seconds(20)) throws -> Outcome {
    let ending = try waitForEnd(within: time)
    return Outcome(ending: ending, output: output, errors: errors)
  }
}
