import MQTTProtocol

/// Everything that passed between the hub and its clients, in the order in which the hub saw or did it.
final class FuzzJournal {
  enum Event {
    /// The hub was given a whole packet of the client's.
    case gave(ControlPacket)
    /// The hub was given bytes that are no packet, or not one of now.
    case gaveFault
    /// The hub wrote a packet.
    case wrote([UInt8], ProtocolVersion)
    /// The hub closed the connection.
    case closedByHub
    /// The network lost the connection.
    case lost
  }

  /// From the beginning on; the place is the connection's.
  private var events: [(place: Int, event: Event)] = []
  private var taken = 0

  func note(_ event: Event, at place: Int) { events.append((place, event)) }

  /// What came since the last call.
  func take() -> ArraySlice<(place: Int, event: Event)> {
    defer { taken = events.count }
    return events[taken...]
  }

  /// All of it, to be read by whoever looks into a finding.
  var description: String {
    events.map { place, event in
      guard case .wrote(let bytes, let version) = event else { return "  \(place): \(event)" }
      return "  \(place): wrote \((try? WrittenPacket.decode(bytes, version: version)).map { "\($0)" } ?? "\(bytes)")"
    }.joined(separator: "\n")
  }
}
