import Glibc

/// What a disk holds after its power went: every write up to the file's last sync, and of those behind it any, whole or torn.
struct PowerLoss {
  /// A disk writes these many bytes or none of them.
  private static let sector = 512

  private struct File {
    var durable: [UInt8] = []
    var pending: [RecordingVFS.Operation] = []
    var isThere = false
  }

  private var files: [String: File] = [:]

  init(after operations: some Sequence<RecordingVFS.Operation>, _ random: inout SeededGenerator) {
    for operation in operations {
      switch operation {
      case .write(let file, _, _), .truncate(let file, _): files[file, default: File()].pending.append(operation)
      case .sync(let file):
        var synced = files[file] ?? File()
        for pending in synced.pending { Self.apply(pending, to: &synced.durable) }
        synced.pending = []
        synced.isThere = true
        files[file] = synced
      case .delete(let file): files[file] = nil
      case .mark: break
      }
    }
    for (name, file) in files {
      var file = file
      for pending in file.pending {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: break
        case 1: Self.apply(Self.torn(pending, &random), to: &file.durable)
        default: Self.apply(pending, to: &file.durable)
        }
      }
      files[name] = file
    }
  }

  func write(to directory: String) throws {
    for (name, file) in files where file.isThere || !file.durable.isEmpty {
      let descriptor = open("\(directory)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw CannotWrite(name: name) }
      defer { close(descriptor) }
      guard Glibc.write(descriptor, file.durable, file.durable.count) == file.durable.count else {
        throw CannotWrite(name: name)
      }
    }
  }

  struct CannotWrite: Error { let name: String }

  private static func apply(_ operation: RecordingVFS.Operation?, to content: inout [UInt8]) {
    switch operation {
    case .write(_, let offset, let bytes):
      if content.count < offset + bytes.count {
        content.append(contentsOf: repeatElement(0, count: offset + bytes.count - content.count))
      }
      content.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    case .truncate(_, let size):
      if size < content.count { content.removeLast(content.count - size) }
    default: break
    }
  }

  /// Only some of a write's sectors.
  private static func torn(
    _ operation: RecordingVFS.Operation, _ random: inout SeededGenerator
  ) -> RecordingVFS.Operation? {
    guard case .write(let file, let offset, let bytes) = operation, bytes.count > sector else { return nil }
    let from = Int.random(in: 0...bytes.count / sector, using: &random) * sector
    let to = Int.random(in: 0...bytes.count / sector, using: &random) * sector
    guard from < to else { return .write(file: file, offset: offset, bytes: Array(bytes[..<to])) }
    return .write(file: file, offset: offset + from, bytes: Array(bytes[from..<to]))
  }
}
