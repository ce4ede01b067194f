import FuzzTargets
import Glibc

/// An input that is kept in a file.
struct KeptInput: Sendable {
  let target: FuzzTarget
  /// Seeds are what fuzzing begins with, cases what it once found.
  let path: String
  let bytes: [UInt8]

  /// Where the folders of seeds and cases are: beside this test's own.
  private static let folder = String(#filePath.dropLast("/FuzzTests/KeptInputs.swift".utf8.count))

  static let seeds = inputs(of: "Seeds")
  static let cases = inputs(of: "Cases")

  private static func inputs(of kind: String) -> [KeptInput] {
    FuzzTarget.all.flatMap { target in
      files(in: "\(folder)/\(kind)/\(target.name)").compactMap { name in
        let path = "\(kind)/\(target.name)/\(name)"
        return contents(of: "\(folder)/\(path)").map { KeptInput(target: target, path: path, bytes: $0) }
      }
    }
  }

  private static func files(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  private static func contents(of path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { return nil }
    let size = Int(status.st_size)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        guard let base = buffer.baseAddress else { return }
        let taken = read(file, base + count, size - count)
        guard taken > 0 else { return }
        count += taken
      }
    }
  }
}
