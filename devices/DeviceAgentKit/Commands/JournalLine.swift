/// One line of the journal's file: a JSON object and a newline.
enum JournalLine: Equatable {
  case begun(id: String, notAfter: Int64?)
  case finished(CommandReport)

  var bytes: [UInt8] {
    var members: [(name: String, value: JSONValue)] = []
    switch self {
    case .begun(let id, let notAfter):
      members.append(("id", .string(id)))
      members.append(("begun", .boolean(true)))
      if let notAfter { members.append(("not_after", .integer(notAfter))) }
    case .finished(let report):
      members.append(("id", .string(report.id)))
      members.append(("status", .string(report.status.rawValue)))
      if let result = report.result { members.append(("result", result)) }
      if let error = report.error { members.append(("error", .string(error))) }
    }
    var writer = JSONWriter()
    writer.write(members: members)
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  /// nil for a line that is damaged.
  init?(bytes: [UInt8]) {
    guard let value = try? JSONReader.value(bytes), let id = value["id"]?.string else { return nil }
    if value["begun"]?.boolean == true {
      self = .begun(id: id, notAfter: value["not_after"]?.integer)
    } else if let status = value["status"]?.string.flatMap(CommandReport.Status.init(rawValue:)), status.isFinal {
      self = .finished(
        CommandReport(id: id, status: status, result: value["result"], error: value["error"]?.string))
    } else {
      return nil
    }
  }
}
