/// Where the admin socket is: `auto`, `off`, or a path.
enum AdminSocket: Sendable, Equatable {
  /// `admin.sock` in the runtime directory that systemd made, else in the data directory.
  case automatic
  case off
  /// As it was written, absolute or relative to the working directory.
  case path(String)

  static let fileName = "admin.sock"
}

extension AdminSocket: ConfigurationValue {
  static var allowed: String {
    "auto (admin.sock in the runtime directory of systemd, else in data-dir), off, or a path"
  }
  static var placeholder: String { "PATH" }

  init?(configurationText text: String) {
    switch text {
    case "auto": self = .automatic
    case "off": self = .off
    default:
      guard !text.isEmpty, !text.utf8.contains(0) else { return nil }
      self = .path(text)
    }
  }

  var configurationText: String {
    switch self {
    case .automatic: "auto"
    case .off: "off"
    case .path(let path): path
    }
  }
}
