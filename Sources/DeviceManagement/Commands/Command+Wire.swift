extension Command {
  /// What the device gets: `{"id":…,"name":…,"arguments":{…},"not_after":…}`.
  package var wirePayload: [UInt8] {
    var bytes = Array("{\"id\":".utf8)
    JSONValue.encode(id, into: &bytes)
    bytes.append(contentsOf: ",\"name\":".utf8)
    JSONValue.encode(name, into: &bytes)
    bytes.append(contentsOf: ",\"arguments\":".utf8)
    bytes.append(contentsOf: arguments)
    bytes.append(contentsOf: ",\"not_after\":\(notAfter)}".utf8)
    return bytes
  }

  /// The answer to `commands/next`: `{"commands":[…],"retry_after_s":…,"time":…}`, an empty list said plainly.
  package static func answerToNext(_ commands: [Command], retryAfterSeconds: Int, now: Int64) -> [UInt8] {
    var bytes = Array("{\"commands\":[".utf8)
    for (index, command) in commands.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: command.wirePayload)
    }
    bytes.append(contentsOf: "],\"retry_after_s\":\(retryAfterSeconds),\"time\":\(now)}".utf8)
    return bytes
  }
}
