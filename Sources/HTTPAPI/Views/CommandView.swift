import DeviceManagement

extension JSONWriter {
  /// A command with all that is known of it.
  mutating func command(_ command: Command) {
    object { json in
      json.key("id")
      json.string(command.id)
      json.key("device")
      json.string(command.device)
      json.key("name")
      json.string(command.name)
      json.key("arguments")
      json.raw(command.arguments)
      json.key("state")
      json.string(command.state.rawValue)
      json.key("final")
      json.boolean(command.state.isFinal)
      if let result = command.result {
        json.key("result")
        json.raw(result)
      }
      if let error = command.error {
        json.key("error")
        json.string(error)
      }
      if let progress = command.progress {
        json.key("progress")
        json.number(progress)
      }
      json.key("created")
      json.time(command.createdAt)
      json.key("not_after")
      json.time(command.notAfter)
      json.key("transitions")
      json.array { json in
        for transition in command.transitions { json.transition(transition) }
      }
    }
  }

  private mutating func transition(_ transition: Command.Transition) {
    object { json in
      json.key("state")
      json.string(transition.state.rawValue)
      json.key("time")
      json.time(transition.time)
      json.key("evidence")
      json.string(transition.evidence)
    }
  }
}
