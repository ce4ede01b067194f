import DeviceManagement

extension JSONWriter {
  mutating func presence(_ presence: Presence) {
    object { json in
      json.key("connected")
      json.answer(presence.connected)
      json.key("reporting")
      json.answer(presence.reporting)
      json.key("responsive")
      json.answer(presence.responsive)
    }
  }

  private mutating func answer(_ answer: Presence.Answer) {
    object { json in
      json.key("value")
      if let value = answer.value { json.boolean(value) } else { json.null() }
      json.key("reason")
      json.string(answer.reason)
      if let since = answer.since {
        json.key("since")
        json.time(since)
      }
    }
  }
}
