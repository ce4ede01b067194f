/// How an agent ended; the raw value is the process's exit code (sysexits.h).
public enum AgentExit: Int32, Sendable, CaseIterable {
  /// It was asked to stop, or did everything that one run is for.
  case success = 0
  /// One run only: no connection to the hub.
  case hubUnreachable = 69
  /// The operating system refused something that every agent needs.
  case system = 71
  /// The state directory cannot be used.
  case stateDirectory = 73
  /// One run only: the hub did not take every reading.
  case notAcknowledged = 75
  /// One run only: the hub refused this device.
  case refused = 77
}
