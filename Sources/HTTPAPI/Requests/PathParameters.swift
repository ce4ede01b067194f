import Hummingbird
import TimeSeriesStorage

extension HubRequestContext {
  /// The path's `{device}`: a device's name.
  func deviceName() throws -> String {
    let raw = parameters["device"] ?? ""
    guard let name = PercentEncoding.decode(raw), DeviceName.isValid(name) else {
      throw Problem(
        parameter: "device", received: String(raw),
        allowed: "1 to 64 of A-Z a-z 0-9 . _ : - (me, . and .. are reserved)")
    }
    return name
  }

  /// The path's `{id}`, as it is.
  func commandID() -> String { parameters["id"].map(String.init) ?? "" }
}
