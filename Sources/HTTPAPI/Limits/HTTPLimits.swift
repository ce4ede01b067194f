package import TelemetryQuery

/// Every bound of the HTTP side, with what happens at the limit.
package struct HTTPLimits: Sendable {
  /// Bytes of a published message; a larger one is answered 413.
  package var maximumTelemetryBytes = 256 * 1024
  /// Bytes of a command request; a larger one is answered 413.
  package var maximumCommandBytes = 80 * 1024
  /// Bytes of a request's header; a larger one is answered 400 and the connection is closed.
  package var maximumHeaderBytes = 16 * 1024
  /// Fields of a request's header; more are answered 400 and the connection is closed.
  package var maximumHeaderFields = 100
  /// Connections served at once; further ones wait unaccepted.
  package var maximumConnections = 1_024
  /// Seconds without a byte in either direction, after which a connection is closed: an idle client, or one that does
  /// not read its answer.
  package var idleSeconds: Int64 = 75
  /// Bytes of an answer given to the connection at once; the next ones are made when these have been written.
  package var chunkBytes = 31 * 1024
  /// The same for an answer in columns.
  package var columnChunkBytes = 256 * 1024
  /// Bytes of an export or a backup given to its connection at once.
  package var transferChunkBytes = 128 * 1024
  /// Seconds without a byte on the admin socket, after which its connection is closed: an import may well come from a
  /// pipe that has nothing for a while, or wait for a full disk.
  package var adminIdleSeconds: Int64 = 3_600
  /// Devices of one page of `/v1/devices`.
  package var defaultDevices = 100
  package var maximumDevices = 1_000
  /// Commands of one page.
  package var defaultCommands = 100
  package var maximumCommands = 1_000
  /// Dead letters of one page.
  package var defaultDeadLetters = 50
  package var maximumDeadLetters = 1_000
  /// Series of one page of `/v1/latest`.
  package var defaultLatest = 1_000
  package var maximumLatest = 10_000
  /// Bytes of a parameter that a problem repeats.
  package var maximumShownBytes = 256
  /// Rows of an answer in columns, which are gathered series by series.
  package var maximumColumnRows = 100_000
  /// Bounds of `/v1/readings`.
  package var query = QueryLimits()

  package init() {}
}
