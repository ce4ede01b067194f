extension HubProcess {
  /// Runs a command of the hub's on this hub's data.
  @discardableResult
  func command(_ name: String, _ arguments: String..., input: String = "/dev/null") throws -> Outcome {
    try hubCommand(name, arguments, directory, input: input)
  }
}

/// Runs a command of the hub's on a data directory.
func hubCommand(
  _ name: String, _ arguments: [String], _ directory: TemporaryDirectory, input: String = "/dev/null"
) throws -> Outcome {
  try run(Executables.hub, [name] + arguments + ["--data-dir", directory.path], input: input)
}

/// A file of readings of every kind, `count` of each series, a second apart and ending now.
func sampleReadings(_ count: Int) -> String {
  let start = WallClock.unixMilliseconds() - Int64(count) * 1_000
  var text = "time,device,metric,kind,value\n"
  for index in 0..<count {
    let time = start + Int64(index) * 1_000
    text += "\(time),porch,temperature,number,\(Double(index) / 7)\n"
    text += "\(time),porch,open,boolean,\(index % 2 == 0)\n"
    text += "\(time),attic,state,text,\"no. \(index), \"\"x\"\"\nend\"\n"
  }
  for (index, number) in ["-0", "NaN", "Infinity", "-Infinity", "NaN:7ff8000000000001", "5e-324"].enumerated() {
    text += "\(start + Int64(index)),odd,number,number,\(number)\n"
  }
  for (index, word) in ["true", "21.5", "", "\",\"", "\"\"\"\"", "null"].enumerated() {
    text += "\(start + Int64(index)),odd,text,text,\(word)\n"
  }
  return text
}
