/// What a client does of its own accord, in the order of `ActionWeights`.
enum ClientAction: Int, CaseIterable {
  case publish
  case publishBurst
  case subscribe
  case unsubscribe
  case disconnect
  case closeAbruptly
  case cutNetwork
  case takeOver
  case stopReading
  case holdAcknowledgements
  case ping
}

extension ActionWeights {
  var inOrder: [Int] {
    [
      publish, publishBurst, subscribe, unsubscribe, disconnect, closeAbruptly, cutNetwork, takeOver, stopReading,
      holdAcknowledgements, ping,
    ]
  }
}
