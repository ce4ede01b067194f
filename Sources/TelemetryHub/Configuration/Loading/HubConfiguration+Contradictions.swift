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
      for (key, address) in [(ConfigurationKey.mqttListen, mqtt.listen), (.httpListen, http.listen)]
      where !address.isLoopback {
        refuse(
          key,
          because:
            "\(key.path) is \(address.configurationText), which other machines can reach, while auth is \"none\";"
            + " allowed: a loopback address such as 127.0.0.1:\(address.port)")
      }
    }
    if mqtt.listen == http.listen, mqtt.listen.port != 0 {
      refuse(
        .httpListen, .mqttListen,
        because: "mqtt.listen and http.listen are both \(http.listen.configurationText); give one another port")
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
    refuseUnlessOrdered(
      .mqttMaximumPacketSize, mqtt.maximumPacketSize, .connectionOutputBytes, limits.connectionOutputBytes)
    refuseUnlessOrdered(
      .connectionOutputBytes, limits.connectionOutputBytes, .totalOutputBytes, limits.totalOutputBytes)
    refuseUnlessOrdered(
      .maximumSeriesPerDevice, limits.maximumSeriesPerDevice, .maximumSeries, limits.maximumSeries)
    return errors
  }
}
