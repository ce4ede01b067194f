/// What has been sent and what came of it.
struct HoldCounts {
  var published = 0
  /// At QoS 1 and 2.
  var acknowledged = 0
  var delivered = 0
  var pings = 0
  /// Answers to pings.
  var pongs = 0

  var json: String {
    "{\"published\":\(published),\"acknowledged\":\(acknowledged),\"delivered\":\(delivered),\"pings\":\(pings),"
      + "\"pongs\":\(pongs)}"
  }

  /// What is missing where everything has arrived that should.
  func complaint(qos: UInt8) -> String? {
    if qos > 0, acknowledged != published { return "\(published - acknowledged) publishes were not acknowledged" }
    if delivered != published { return "\(delivered) of \(published) messages were delivered" }
    if pongs != pings { return "\(pings - pongs) pings were not answered" }
    return nil
  }
}
