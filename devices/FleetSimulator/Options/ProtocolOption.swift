import ArgumentParser
import MQTTProtocol

/// The protocol version as the command line names it.
enum ProtocolOption: String, CaseIterable, ExpressibleByArgument, Sendable {
  case v311 = "311"
  case v5 = "5"

  var version: ProtocolVersion {
    switch self {
    case .v311: .v3_1_1
    case .v5: .v5
    }
  }
}
