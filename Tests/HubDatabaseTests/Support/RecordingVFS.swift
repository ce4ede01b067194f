import CSQLite
import Glibc
import Synchronization

/// A disk that remembers every write, and can be made to fail: SQLite's own VFS with a layer over writing.
///
/// Registered under a name; what is opened by that name goes through it. Files are known by the last part of their path.
final class RecordingVFS: Sendable {
  /// What reached the disk, in order.
  enum Operation: Sendable {
    case write(file: String, offset: Int, bytes: [UInt8])
    case truncate(file: String, size: Int)
    case sync(file: String)
    case delete(file: String)
    /// A mark of the test's own.
    case mark(Int)
  }

  private struct State {
    var operations: [Operation] = []
    var failure: Int32?
    var failures = 0
  }

  let name: String
  private let state = Mutex(State())

  /// Never taken back: SQLite keeps what is registered.
  init(name: String) {
    self.name = name
    Registry.register(self)
  }

  var operations: [Operation] { state.withLock { $0.operations } }

  func mark(_ number: Int) { state.withLock { $0.operations.append(.mark(number)) } }

  /// Has every write and sync fail with an extended result code, until nil.
  func fail(_ code: Int32?) { state.withLock { $0.failure = code } }

  /// Calls that were made to fail.
  var failures: Int { state.withLock { $0.failures } }

  fileprivate func note(_ operation: Operation) -> Int32? {
    state.withLock { state in
      if let failure = state.failure {
        state.failures += 1
        return failure
      }
      state.operations.append(operation)
      return nil
    }
  }
}

/// Which of SQLite's pointers belong to which VFS and file: C callbacks have nothing else to go by.
private enum Registry {
  struct File: @unchecked Sendable {
    let vfs: RecordingVFS
    let name: String
    let methods: UnsafePointer<sqlite3_io_methods>
  }

  struct Entries {
    var vfs: [UnsafeRawPointer: RecordingVFS] = [:]
    var files: [UnsafeRawPointer: File] = [:]
  }

  // The pointers are keys; the tables of methods are never freed.
  nonisolated(unsafe) private static var entries = Entries()
  private static let lock = Mutex(())

  static func register(_ vfs: RecordingVFS) {
    guard let usual = sqlite3_vfs_find(nil) else { preconditionFailure("BUG: SQLite without a VFS") }
    let copy = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    copy.initialize(to: usual.pointee)
    copy.pointee.pNext = nil
    copy.pointee.zName = vfs.name.withCString { UnsafePointer(strdup($0)) }
    copy.pointee.xOpen = { vfs, path, file, flags, out in Registry.open(vfs, path, file, flags, out) }
    copy.pointee.xDelete = { vfs, path, sync in Registry.delete(vfs, path, sync) }
    lock.withLock { _ in entries.vfs[copy] = vfs }
    sqlite3_vfs_register(copy, 0)
  }

  private static func name(_ path: UnsafePointer<CChar>?) -> String {
    path.map { String(cString: $0) }?.split(separator: "/").last.map(String.init) ?? ""
  }

  private static func open(
    _ vfs: UnsafeMutablePointer<sqlite3_vfs>?, _ path: UnsafePointer<CChar>?,
    _ file: UnsafeMutablePointer<sqlite3_file>?,
    _ flags: Int32, _ out: UnsafeMutablePointer<Int32>?
  ) -> Int32 {
    let code = sqlite3_vfs_find(nil)?.pointee.xOpen(vfs, path, file, flags, out) ?? SQLITE_ERROR
    guard code == SQLITE_OK, let vfs, let file, let methods = file.pointee.pMethods else { return code }
    let patched = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    patched.initialize(to: methods.pointee)
    patched.pointee.xWrite = { file, bytes, count, offset in
      Registry.pass(
        file,
        .write(
          file: Registry.name(of: file), offset: Int(offset),
          bytes: Array(UnsafeRawBufferPointer(start: bytes, count: Int(count))))
      ) { $0.xWrite(file, bytes, count, offset) }
    }
    patched.pointee.xTruncate = { file, size in
      Registry.pass(file, .truncate(file: Registry.name(of: file), size: Int(size))) { $0.xTruncate(file, size) }
    }
    patched.pointee.xSync = { file, flags in
      Registry.pass(file, .sync(file: Registry.name(of: file))) { $0.xSync(file, flags) }
    }
    // Writing goes through `xWrite` only.
    patched.pointee.iVersion = min(2, patched.pointee.iVersion)
    lock.withLock { _ in
      if let owner = entries.vfs[vfs] { entries.files[file] = File(vfs: owner, name: name(path), methods: methods) }
    }
    file.pointee.pMethods = UnsafePointer(patched)
    return code
  }

  private static func delete(
    _ vfs: UnsafeMutablePointer<sqlite3_vfs>?, _ path: UnsafePointer<CChar>?, _ sync: Int32
  ) -> Int32 {
    if let vfs, let owner = lock.withLock({ _ in entries.vfs[vfs] }) {
      if let failure = owner.note(.delete(file: name(path))) { return failure }
    }
    return sqlite3_vfs_find(nil)?.pointee.xDelete(vfs, path, sync) ?? SQLITE_ERROR
  }

  static func name(of file: UnsafeMutablePointer<sqlite3_file>?) -> String {
    file.flatMap { file in lock.withLock { _ in entries.files[file]?.name } } ?? ""
  }

  static func pass(
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ operation: RecordingVFS.Operation,
    _ call: (sqlite3_io_methods) -> Int32
  ) -> Int32 {
    guard let file, let entry = lock.withLock({ _ in entries.files[file] }) else { return SQLITE_ERROR }
    return entry.vfs.note(operation) ?? call(entry.methods.pointee)
  }
}
