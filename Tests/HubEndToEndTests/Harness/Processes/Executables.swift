import Glibc

/// The programs under test: built into the directory that holds this test bundle, whatever the configuration.
enum Executables {
  static let hub = path(of: "telemetry-hub")
  static let agent = path(of: "telemetry-agent")
  static let fleetSimulator = path(of: "fleet-simulator")

  private static func path(of name: String) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let bundle = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let directory = bundle.lastIndex(of: "/").map { bundle[..<$0] } ?? "."
    return "\(directory)/\(name)"
  }
}
