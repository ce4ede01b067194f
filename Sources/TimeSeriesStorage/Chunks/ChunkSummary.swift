/// What a window can know of a chunk without decoding it.
package struct ChunkSummary: Equatable, Sendable {
  package var count: Int
  /// Unix milliseconds.
  package var firstTime: Int64
  package var lastTime: Int64
  /// Of all values that are numbers; nil where there is none but NaN.
  package var minimum: Double?
  package var maximum: Double?
  /// Exact to the last place or so, whatever the order of magnitude of the values (Neumaier's summation).
  package var sum: Double
}
