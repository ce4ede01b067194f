/// The sensors that every Linux machine has.
public enum BuiltInSensors {
  /// Finds what this machine has now; what is plugged in later needs a restart.
  ///
  /// - Parameters:
  ///   - files: the machine, or a copy of its files.
  ///   - isSingleReading: whether only one reading will be taken, so that `cpu.load` tells the average since start
  ///     instead of the time between two readings.
  public static func discover(_ files: SystemFiles = SystemFiles(), isSingleReading: Bool = false) -> [any Sensor] {
    var sensors: [any Sensor] = [
      CPULoadSensor(files: files, first: isSingleReading ? .sinceBoot : .omitted), LoadAverageSensor(files: files),
      MemorySensor(files: files), DiskSensor(files: files), NetworkSensor(files: files), UptimeSensor(files: files),
    ]
    sensors += TemperatureSensor.discover(files) as [any Sensor]
    return sensors
  }
}

extension BuiltInSensors {
  /// Reads every sensor once, for a person to look at.
  ///
  /// - Returns: each sensor's name and metrics, with its readings or the reason why there are none.
  public static func survey(
    _ files: SystemFiles = SystemFiles()
  ) -> [(name: String, metrics: [Metric], result: Result<[MetricReading], any Error>)] {
    discover(files, isSingleReading: true).map { sensor in
      var sensor = sensor
      let result = Result { try sensor.read(at: SystemClock.now()) }
      return (sensor.name, sensor.metrics, result)
    }
  }
}
