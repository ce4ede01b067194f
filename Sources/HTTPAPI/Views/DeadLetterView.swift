import TelemetryIngest

extension JSONWriter {
  /// A message that could not be read, with its beginning as text: bytes that are no UTF-8 show as U+FFFD.
  mutating func deadLetter(_ letter: DeadLetter) {
    object { json in
      json.key("number")
      json.integer(letter.number)
      json.key("time")
      json.time(letter.time)
      json.key("topic")
      json.string(letter.topic)
      if let device = letter.device {
        json.key("device")
        json.string(device)
      }
      json.key("kind")
      json.string(letter.reason.kind.label)
      json.key("reason")
      json.string(letter.reason.description)
      json.key("bytes")
      json.integer(letter.payloadBytes)
      json.key("payload")
      json.string(String(decoding: letter.payloadPrefix, as: UTF8.self))
    }
  }
}
