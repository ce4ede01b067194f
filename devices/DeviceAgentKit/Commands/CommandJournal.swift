internal import Glibc

/// The identifiers of the commands that were begun, so that none runs twice, whatever is restarted in between.
package struct CommandJournal {
  /// What is known of a command.
  package enum Entry: Sendable, Equatable {
    /// It was begun, and no end is known.
    case begun
    case finished(CommandReport)
  }

  /// Why a command cannot be noted, and so must not run.
  package enum Failure: Error, Sendable, CustomStringConvertible {
    case full
    case disk(SystemError)

    package var description: String {
      switch self {
      case .full: "the journal of commands is full of commands that might still be repeated"
      case .disk(let error): "the journal of commands cannot be written: \(error)"
      }
    }
  }

  private struct Record {
    var entry: Entry
    var notAfter: Int64?
  }

  private var records: [String: Record] = [:]
  private var order: [String] = []
  private var lines = 0
  private var file: FileDescriptor?
  private let path: String?
  private let capacity: Int

  /// Opens the journal and reads what is in it; what a power cut tore is dropped.
  ///
  /// - Parameter path: nil keeps the journal in memory only, for agents without a disk.
  package init(path: String?, capacity: Int = AgentLimits.journalEntries) throws(SystemError) {
    self.path = path
    self.capacity = capacity
    guard let path else { return }
    let isNew = access(path, F_OK) != 0
    let file = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_APPEND)
    let bytes = try file.read(limit: 64 << 20, path: path)
    self.file = file
    var isDamaged = !(bytes.isEmpty || bytes.last == UInt8(ascii: "\n"))
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let record = JournalLine(bytes: Array(line)) else {
        isDamaged = true
        continue
      }
      apply(record)
    }
    if isNew { try FileReplacement.synchronizeDirectory(of: path) }
    while order.count > capacity { forget(order[0]) }
    // A line added behind a torn one would be lost with it.
    if isDamaged || lines > 4 * capacity { try compact() }
  }

  package var count: Int { order.count }

  package subscript(id: String) -> Entry? { records[id]?.entry }

  /// Notes that a command begins. Returns when that is on the disk; only then may the command have any effect.
  ///
  /// - Parameter now: Unix milliseconds; a command whose `notAfter` has passed cannot come again and may be forgotten.
  package mutating func begin(_ command: Command, now: Int64) throws(Failure) {
    while order.count >= capacity {
      guard let old = order.first(where: { canForget($0, now: now) }) else { throw .full }
      forget(old)
    }
    try append(.begun(id: command.id, notAfter: command.notAfter), isSynchronous: true)
  }

  /// Notes how a command ended. Without waiting for the disk: if this is lost, the command counts as interrupted.
  package mutating func finish(_ report: CommandReport) throws(Failure) {
    var report = report
    if let result = report.result, JSONWriter.bytes(result).count > AgentLimits.journaledResultBytes {
      report.result = nil
    }
    try append(.finished(report), isSynchronous: false)
    if lines > 4 * capacity { do { try compact() } catch { throw .disk(error) } }
  }

  private func canForget(_ id: String, now: Int64) -> Bool {
    guard let record = records[id] else { return true }
    // A minute for clocks that disagree.
    return record.notAfter.map { $0 < now - 60_000 } ?? true
  }

  private mutating func append(_ line: JournalLine, isSynchronous: Bool) throws(Failure) {
    if let file, let path {
      do {
        try file.write(line.bytes, path: path)
        if isSynchronous { try file.synchronize(path: path) }
      } catch {
        // A part of the line may be there: start on a clean file, or leave the part to be cut off at the next start.
        try? compact()
        throw .disk(error)
      }
    }
    apply(line)
  }

  private mutating func apply(_ line: JournalLine) {
    lines += 1
    switch line {
    case .begun(let id, let notAfter):
      if records[id] == nil { order.append(id) }
      records[id] = Record(entry: .begun, notAfter: notAfter)
    case .finished(let report):
      if records[report.id] == nil { order.append(report.id) }
      records[report.id, default: Record(entry: .begun)].entry = .finished(report)
    }
  }

  private mutating func forget(_ id: String) {
    records[id] = nil
    order.removeAll { $0 == id }
  }

  /// Writes the file anew with what is still remembered.
  private mutating func compact() throws(SystemError) {
    guard let path else { return }
    var bytes: [UInt8] = []
    var lines = 0
    for id in order {
      guard let record = records[id] else { continue }
      bytes += JournalLine.begun(id: id, notAfter: record.notAfter).bytes
      lines += 1
      if case .finished(let report) = record.entry {
        bytes += JournalLine.finished(report).bytes
        lines += 1
      }
    }
    try FileReplacement.write(bytes, to: path)
    file = try FileDescriptor.open(path, O_RDWR | O_CREAT | O_APPEND)
    self.lines = lines
  }
}
