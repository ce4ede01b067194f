/// The parameters of a query for readings as text, as a caller has them; nil: not given.
package struct ReadingsParameters: Sendable {
  package var device: String?
  package var metric: String?
  package var from: String?
  package var to: String?
  package var every: String?
  package var agg: String?
  package var level: String?
  package var limit: String?
  package var cursor: String?

  package init() {}
}
