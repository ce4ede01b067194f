extension HubConfiguration {
  /// What cannot stand together, although each value alone is allowed.
  ///
  /// - Parameters:
  ///   - origins: where each value was given, by the key's full name; a message begins with one of them.
  ///   - unknown: keys in full whose values nobody can tell; what involves one is not judged.
  func contradictions(
    origins: [String: ConfigurationOrigin], unknown: Set<String> = []
  ) -> [ConfigurationError] {
    var errors: [ConfigurationError] = []
    func refuse(_ keys: ConfigurationKey..., because message: String) {
      guard keys.allSatisfy({ !unknown.contains($0.path) }) else { return }
      let origin = keys.lazy.compactMap { origins[$0.path] }.first ?? .builtIn
      errors.append(ConfigurationError(origin: origin, message: message))
    }

    if auth.mode == .required {
      refuse(
        .authMode,
        because: "auth \"required\" is not available in this version; allowed: \"none\", on loopback addresses only")
    } else {
      for (key, address) in addresses where !address.isLoopback {
        refuse(
          key, .authMode,
          because:
            "\(key.path) is \(address.configurationText), which other machines can reach, while auth is \"none\";"
            + " allowed: a loopback address such as 127.0.0.1:\(address.port)")
      }
    }
    for (index, (key, address)) in addresses.enumerated() where address.port != 0 {
      for (other, otherAddress) in addresses[..<index].filter({ $0.address.overlaps(address) }) {
        let (first, second) = (otherAddress.configurationText, address.configurationText)
        let meeting =
          first == second
          ? "\(other.path) and \(key.path) are both \(first)"
          : "\(other.path) is \(first) and \(key.path) is \(second), which can be the same"
        refuse(key, other, because: "\(meeting); give one another port")
      }
    }
    func refuseUnlessOrdered<Value: ConfigurationValue & Comparable>(
      _ small: ConfigurationKey, _ smallValue: Value, _ large: ConfigurationKey, _ largeValue: Value
    ) {
      guard smallValue > largeValue else { return }
      refuse(
        small, large,
        because: "\(small.path) is \(smallValue.configurationText), more than \(large.path),"
          + " which is \(largeValue.configurationText)")
    }
    // A packet that was taken in must fit into what waits for a reader, else it could never be delivered.
    for (key, listener) in [
      (ConfigurationKey.mqttMaximumPacketSize, mqtt.limits), (.webSocketMaximumPacketSize, websocket.limits),
    ] {
      refuseUnlessOrdered(
        key, listener.maximumPacketSize, .connectionOutputBytes, limits.connectionOutputBytes)
    }
    refuseUnlessOrdered(
      .connectionOutputBytes, limits.connectionOutputBytes, .totalOutputBytes, limits.totalOutputBytes)
    refuseUnlessOrdered(
      .maximumSeriesPerDevice, limits.maximumSeriesPerDevice, .maximumSeries, limits.maximumSeries)
    return errors
  }

  /// Where the hub listens, each with its key.
  private var addresses: [(key: ConfigurationKey, address: ListenAddress)] {
    let webSocket = websocket.listen.map { [(ConfigurationKey.webSocketListen, $0)] } ?? []
    return [(.mqttListen, mqtt.listen)] + webSocket + [(.httpListen, http.listen)]
  }
}
