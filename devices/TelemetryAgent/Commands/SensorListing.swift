import DeviceAgentKit

/// The text of `--list-sensors`.
enum SensorListing {
  static func text(_ files: SystemFiles) -> String {
    var rows: [[String]] = []
    for (name, metrics, result) in BuiltInSensors.survey(files) {
      switch result {
      case .success(let readings):
        for reading in readings {
          let unit = metrics.first { $0.name == reading.metric }?.unit ?? ""
          rows.append([reading.metric, reading.value.description, unit, name])
        }
      case .failure(let failure): rows.append(["-", "-", "-", "\(name): \(failure)"])
      }
    }
    let header = ["METRIC", "VALUE", "UNIT", "SENSOR"]
    let widths = (0..<3).map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    return ([header] + rows).map { row in
      let padded = zip(row, widths).map { $0 + String(repeating: " ", count: max($1 - $0.count, 0)) }
      return (padded + [row[3]]).joined(separator: "  ") + "\n"
    }.joined()
  }
}
