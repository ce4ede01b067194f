internal import Glibc

/// A device's name: 1 to 64 of `A-Z a-z 0-9 . _ : -`; `me`, `.` and `..` are reserved.
public enum DeviceName {
  /// Whether a hub takes this name.
  public static func isValid(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= AgentLimits.deviceNameBytes && name.utf8.allSatisfy(isAllowed)
      && !["me", ".", ".."].contains(name)
  }

  /// Makes a valid name of any text.
  public static func valid(_ text: String) -> String {
    let name = String(
      decoding: text.utf8.prefix(AgentLimits.deviceNameBytes).map { isAllowed($0) ? $0 : UInt8(ascii: "-") },
      as: UTF8.self)
    return isValid(name) ? name : "device"
  }

  /// The machine's host name, made valid.
  public static func ofThisMachine() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    // The last byte stays zero: a name that is cut may come without its end.
    let status = gethostname(&buffer, buffer.count - 1)
    guard status == 0 else { return "device" }
    return valid(String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
