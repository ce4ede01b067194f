/// The bounds of one listener: what differs between an address for devices on the wire and one for browsers.
package struct ListenerLimits: Sendable, Equatable {
  /// The listener in log lines: `mqtt`, `websocket`.
  package var name: String
  /// Connections at once. More: CONNACK 0x97 (3.1.1: 3).
  package var maximumConnections: Int
  /// Bytes of a control packet from a client; told in CONNACK. Larger: DISCONNECT 0x95 and close.
  package var maximumPacketSize: Int
  /// QoS 1 and 2 publishes that a client may have unacknowledged, 1 to 65,535; told in CONNACK. More: DISCONNECT 0x93.
  package var receiveMaximum: UInt16
  /// New connections a second, after as many at once; nil for no limit. More: they wait in the kernel's backlog.
  package var connectionRate: Int?
  /// PUBLISH packets a second from one client, after as many at once; nil for no limit. More: nothing is read from that
  /// client until it is within its rate again.
  package var messageRate: Int?
  /// Bytes a second from one client, after as many at once; nil for no limit. More: as for `messageRate`.
  package var byteRate: Int?

  package init(
    name: String, maximumConnections: Int, maximumPacketSize: Int, receiveMaximum: UInt16, connectionRate: Int? = nil,
    messageRate: Int? = nil, byteRate: Int? = nil
  ) {
    self.name = name
    self.maximumConnections = maximumConnections
    self.maximumPacketSize = maximumPacketSize
    self.receiveMaximum = receiveMaximum
    self.connectionRate = connectionRate
    self.messageRate = messageRate
    self.byteRate = byteRate
  }

  /// A listener that allows what the broker as a whole does, without a limit on rates.
  package init(name: String, limits: BrokerLimits) {
    self.init(
      name: name, maximumConnections: limits.maximumConnections, maximumPacketSize: limits.maximumPacketSize,
      receiveMaximum: limits.receiveMaximum)
  }
}
