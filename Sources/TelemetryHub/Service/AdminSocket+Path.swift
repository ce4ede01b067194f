extension HubConfiguration {
  /// The variable in which systemd names the runtime directory it made. (systemd.exec(5), RuntimeDirectory=)
  private static let runtimeDirectoryVariable = "RUNTIME_DIRECTORY"
  /// The runtime directory of the installed service.
  private static let installedRuntimeDirectory = "/run/telemetry-hub"

  /// Where the hub opens its admin socket; nil where it is off.
  func adminSocketPath(environment: [String: String]) -> String? {
    switch http.adminSocket {
    case .off: nil
    case .path(let path): path
    case .automatic:
      (Self.runtimeDirectory(environment) ?? storage.dataDirectory.path) + "/" + AdminSocket.fileName
    }
  }

  /// Where a command looks for the admin socket of the hub with this configuration, in this order.
  func adminSocketCandidates(environment: [String: String]) -> [String] {
    guard let path = adminSocketPath(environment: environment) else { return [] }
    guard http.adminSocket == .automatic else { return [path] }
    let inDataDirectory = storage.dataDirectory.path + "/" + AdminSocket.fileName
    var candidates = path == inDataDirectory ? [] : [path]
    // A command does not run in the service's environment; the service's data directory tells that it is meant.
    if storage.dataDirectory == Storage().dataDirectory {
      candidates.append(Self.installedRuntimeDirectory + "/" + AdminSocket.fileName)
    }
    return candidates + [inDataDirectory]
  }

  /// The first, where there are several.
  private static func runtimeDirectory(_ environment: [String: String]) -> String? {
    environment[runtimeDirectoryVariable]?.split(separator: ":").first.map(String.init)
  }
}
