import TelemetryQuery
import Testing
import TimeSeriesStorage

@testable import HTTPAPI

/// An answer that says in its header where it ends ends there, whatever is stored while it is written.
@Suite struct ReadingsEndTests {
  @Test func readingsThatComeMeanwhileMoveNoEnd() throws {
    let hub = TestHub()
    try hub.fill("a", "x", count: 1_000, step: 10)
    try hub.fill("b", "x", count: 1_000, step: 10)
    let limited = try query(limit: 1_200)
    var scout = try ReadingsReader(limited, store: hub.store)
    while try scout.next() != nil {}
    let cursor = try #require(scout.cursor)
    #expect(cursor.device == "b")

    let reader = try ReadingsReader(try query(limit: 1_000_000), store: hub.store)
    var producer = ReadingsProducer(reader, format: .ndjson, end: ReadingsEnd(cursor, in: reader))
    var json = JSONWriter()
    #expect(try producer.produce(into: &json, target: 1_000))
    // As many again, late, between those that were there.
    try hub.fill("b", "x", count: 2_000, step: 5)
    while try producer.produce(into: &json, target: 1_000_000) {}
    let lines = String(decoding: json.bytes, as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 1_400)
    let next = try ReadingsReader(try query(limit: 1_000_000, cursor: cursor), store: hub.store)
    var rest = next
    var count = 0
    while try rest.next() != nil { count += 1 }
    // Together they are everything there is.
    #expect(count + lines.count == 3_000)
  }

  private func query(limit: Int, cursor: QueryCursor? = nil) throws -> ReadingsQuery {
    try ReadingsQuery(
      selector: Selector(device: nil, metric: nil), from: TestHub.start - 3_600_000, to: TestHub.start, limit: limit,
      cursor: cursor)
  }
}
