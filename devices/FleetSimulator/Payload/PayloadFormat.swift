import ArgumentParser

/// How a simulated device writes its readings.
enum PayloadFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
  /// `{"temperature":21.53,"ts":1735689600000}` on `…/telemetry`: all metrics in one message, with a time.
  case json
  /// `21.53` on `…/telemetry/temperature`: one metric a message, without a time.
  case bare
}
