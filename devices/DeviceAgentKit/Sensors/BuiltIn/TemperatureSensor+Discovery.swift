extension TemperatureSensor {
  /// Every thermal zone, and every hwmon temperature input that is not a thermal zone's twin.
  package static func discover(_ files: SystemFiles) -> [TemperatureSensor] {
    var labels = UniqueLabels()
    let zones = thermalZones(files, &labels)
    return zones + hardwareMonitors(files, &labels, zones: Set(zones.map(\.label)))
  }

  private var label: String { Self.plain(metrics[0].name.dropFirst("temperature.".count)) }

  private static func thermalZones(_ files: SystemFiles, _ labels: inout UniqueLabels) -> [TemperatureSensor] {
    let directory = "/sys/class/thermal"
    let zones = files.names(in: directory).filter { $0.hasPrefix("thermal_zone") }
    return zones.prefix(AgentLimits.sensorsPerKind).map { zone in
      // The type is the driver's name: "cpu-thermal" on a Raspberry Pi, "x86_pkg_temp" and "acpitz" on a PC.
      let type = (try? files.line("\(directory)/\(zone)/type")).flatMap { $0.isEmpty ? nil : $0 } ?? zone
      return TemperatureSensor(files: files, path: "\(directory)/\(zone)/temp", label: labels.take(type))
    }
  }

  private static func hardwareMonitors(
    _ files: SystemFiles, _ labels: inout UniqueLabels, zones: Set<String>
  ) -> [TemperatureSensor] {
    let directory = "/sys/class/hwmon"
    var sensors: [TemperatureSensor] = []
    for chip in files.names(in: directory).prefix(AgentLimits.sensorsPerKind) {
      let name = (try? files.line("\(directory)/\(chip)/name")).flatMap { $0.isEmpty ? nil : $0 } ?? chip
      // The kernel shows many a thermal zone again as a chip, its dashes turned into underscores.
      if zones.contains(plain(name)) { continue }
      let inputs = files.names(in: "\(directory)/\(chip)").filter { $0.hasPrefix("temp") && $0.hasSuffix("_input") }
      for input in inputs.prefix(AgentLimits.sensorsPerKind) {
        let stem = input.dropLast("_input".count)
        let given = (try? files.line("\(directory)/\(chip)/\(stem)_label")).flatMap { $0.isEmpty ? nil : $0 }
        // "nvme.Composite", "coretemp.Core_0"; a chip with one nameless input is that input.
        let label = given.map { "\(name).\($0)" } ?? (inputs.count == 1 ? name : "\(name).\(stem)")
        sensors.append(
          TemperatureSensor(files: files, path: "\(directory)/\(chip)/\(input)", label: labels.take(label)))
      }
    }
    return sensors
  }

  private static func plain(_ label: some StringProtocol) -> String {
    String(label.map { $0 == "-" || $0 == " " ? "_" : $0 })
  }
}
