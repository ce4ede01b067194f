extension HubConfiguration {
  /// What cannot stand together, although each value alone is allowed.
  ///
  /// - Parameter origins: where each value was given, by the key's full name; a message begins with one of them.
  func contradictions(origins: [String: ConfigurationOrigin]) -> [ConfigurationError] {
    var errors: [ConfigurationError] = []
    func refuse(_ keys: ConfigurationKey..., because message: String) {
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
          key,
          because:
            "\(key.path) is \(address.configurationText), which other machines can reach, while auth is \"none\";"
            + " allowed: a loopback address such as 127.0.0.1:\(address.port)")
      }
    }
    for (index, (key, address)) in addresses.enumerated() where address.port != 0 {
      for (other, _) in addresses[..<index].filter({ $0.address == address }) {
        refuse(
          key, other,
          because: "\(other.path) and \(key.path) are both \(address.configurationText); give one another port")
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
