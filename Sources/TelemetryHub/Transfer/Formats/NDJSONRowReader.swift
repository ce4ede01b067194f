import DeviceManagement
import TimeSeriesStorage

/// Reads a JSON object a line: `{"time":"…Z","device":"…","metric":"…","value":1.2}`. Further members are left alone.
struct NDJSONRowReader: RowReader {
  /// Objects and arrays inside one another.
  private static let maximumDepth = 8

  func read(_ line: [UInt8], into rows: inout [TransferRow]) throws(RowFault) {
    guard line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return }
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: line, maximumDepth: Self.maximumDepth)
    } catch {
      throw RowFault(error.description)
    }
    guard case .object(let members) = json else { throw RowFault("\(json.kind), where an object is allowed") }
    var time: JSONValue?
    var device: JSONValue?
    var metric: JSONValue?
    var value: JSONValue?
    var kind: JSONValue?
    for member in members {
      switch member.name {
      case "time": time = member.value
      case "device": device = member.value
      case "metric": metric = member.value
      case "value": value = member.value
      case "kind": kind = member.value
      default: break
      }
    }
    rows.append(
      TransferRow(
        time: try Self.time(time), device: try Self.text(device, "device"), metric: try Self.text(metric, "metric"),
        value: try Self.value(value, kind: kind)))
  }

  private static func time(_ json: JSONValue?) throws(RowFault) -> Int64 {
    switch json {
    case .string(let text), .number(let text): try TimeText.parse(text)
    case let other: throw RowFault("time is \(other?.kind ?? "missing"), allowed is \(TimeText.allowed)")
    }
  }

  private static func text(_ json: JSONValue?, _ name: String) throws(RowFault) -> String {
    guard case .string(let text) = json else {
      throw RowFault("\(name) is \(json?.kind ?? "missing"), allowed is a string")
    }
    return text
  }

  private static func value(_ json: JSONValue?, kind: JSONValue?) throws(RowFault) -> Value {
    switch (json, kind) {
    case (.number(let literal), _):
      guard let number = NumberText.parseDecimal(literal) else {
        throw RowFault("value is \(literal.abbreviatedForMessage), more than a double can hold")
      }
      return .number(number)
    case (.boolean(let boolean), _): return .boolean(boolean)
    case (.string(let text), .string("number")):
      guard let number = NumberText.parse(text) else {
        throw RowFault("value is \(text.abbreviatedForMessage), allowed is a number")
      }
      return .number(number)
    case (.string(let text), _): return .text(text)
    case (let other, _):
      throw RowFault("value is \(other?.kind ?? "missing"), allowed is a number, true, false or a string")
    }
  }
}
