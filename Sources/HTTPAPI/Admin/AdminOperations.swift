/// What the admin socket offers beside the API; the executable implements it.
package protocol AdminOperations: Sendable {
  /// - Throws: `TransferProblem`.
  func export(_ parameters: ExportParameters) throws -> any ByteSource

  /// - Throws: `TransferProblem`.
  func makeImport(_ parameters: ImportParameters) throws -> any ByteSink

  /// Takes as long as copying the database does.
  ///
  /// - Throws: `TransferProblem`.
  func backup() async throws -> any ByteSource
}

/// Bytes that are made as they are wanted.
package protocol ByteSource: Sendable {
  var contentType: String { get }
  /// How many there are in all, where that is known beforehand.
  var byteCount: Int64? { get }
  /// Appends about `target` bytes, or what is left; false once that was all.
  mutating func produce(into bytes: inout [UInt8], target: Int) throws -> Bool
}

/// Takes bytes, and tells in lines of JSON what became of them.
package protocol ByteSink: Sendable {
  /// Takes the next bytes; false where no more are wanted. Waits where there is no room for what they hold.
  mutating func take(_ bytes: [UInt8]) async throws -> Bool
  /// There are no more. Returns when all of them are durable.
  mutating func finish() async throws
  /// The lines since the last time.
  mutating func takeReport() -> [UInt8]
}

/// The parameters of an export, as they were written; nil where one was not given.
package struct ExportParameters: Sendable {
  package var format: String?
  package var device: String?
  package var metric: String?
  package var from: String?
  package var to: String?

  package init() {}

  /// Each with its name in a query.
  package static let names: [(name: String, path: any WritableKeyPath<Self, String?> & Sendable)] = [
    ("format", \.format), ("device", \.device), ("metric", \.metric), ("from", \.from), ("to", \.to),
  ]
}

/// The parameters of an import, as they were written; nil where one was not given.
package struct ImportParameters: Sendable {
  package var format: String?
  package var precision: String?
  package var deviceTag: String?
  package var metricTags: String?
  package var strict: String?

  package init() {}

  /// Each with its name in a query.
  package static let names: [(name: String, path: any WritableKeyPath<Self, String?> & Sendable)] = [
    ("format", \.format), ("precision", \.precision), ("device-tag", \.deviceTag), ("metric-tags", \.metricTags),
    ("strict", \.strict),
  ]
}

/// Why an export, an import or a backup cannot be done.
package enum TransferProblem: Error, Equatable, Sendable, CustomStringConvertible {
  case parameter(name: String, received: String, allowed: String)
  /// Another one is under way.
  case busy(reason: String)
  case failed(reason: String)

  package var description: String {
    switch self {
    case .parameter(let name, let received, let allowed): "\(name) is \(received), allowed is \(allowed)"
    case .busy(let reason), .failed(let reason): reason
    }
  }
}
