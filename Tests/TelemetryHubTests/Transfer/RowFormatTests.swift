import Testing
import TimeSeriesStorage

@testable import TelemetryHub

/// What is written is read back, bit for bit.
@Suite struct RowFormatTests {
  private static let texts = [
    "", "true", "false", "21.5", "NaN", "null", " ", "a,b", "\"", "\"\"", "a\"b", "line\nfeed", "\r", "a\r\nb\r", "\n",
    "time,device", "ä€😀", "\u{0}\u{1F}\u{7F}", "\\", "\\n", "{\"value\":1}", "#", "\u{FEFF}", "a\tb",
  ]
  private static let numbers: [Double] = [
    0, -0.0, 1, -1, 21.5, 0.1, 1e15, 1e15 - 1, -1e15, 9_007_199_254_740_992, 1e20, 1e-7, .leastNonzeroMagnitude,
    .leastNormalMagnitude,
    .greatestFiniteMagnitude, .infinity, -.infinity, .nan, .signalingNaN, Double(bitPattern: 0x7FF8_0000_0000_0001),
    Double(bitPattern: 0xFFF8_0000_0000_0000),
  ]

  private static func rows(seed: UInt64) -> [TransferRow] {
    var random = SeededGenerator(seed: seed)
    return (0..<200).map { _ in
      let value: Value =
        switch Int.random(in: 0..<5, using: &random) {
        case 0: .number(numbers[Int.random(in: 0..<numbers.count, using: &random)])
        case 1: .number(Double(bitPattern: .random(in: 0 ... .max, using: &random)))
        case 2: .boolean(.random(using: &random))
        case 3: .text(texts[Int.random(in: 0..<texts.count, using: &random)])
        default:
          .text(
            String(
              String.UnicodeScalarView(
                (0..<Int.random(in: 0..<12, using: &random)).map { _ in
                  Unicode.Scalar(UInt8.random(in: 0...255, using: &random))
                })))
        }
      return TransferRow(
        time: .random(in: 0...4_102_444_800_000, using: &random),
        device: ["porch", "a:b-1._", "X"].randomElement(using: &random) ?? "",
        metric: ["temperature", "ENERGY.Power", "größe", "a=b;c"].randomElement(using: &random) ?? "", value: value)
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func readsBackWhatItWrites(seed: UInt64) {
    let rows = Self.rows(seed: seed)
    let csv = ReadFile(fileBytes(rows, .csv), CSVRowReader())
    #expect(csv.faults.isEmpty)
    #expect(csv.rows.map(ExactRow.init) == rows.map(ExactRow.init))
    let ndjson = ReadFile(fileBytes(rows, .ndjson), NDJSONRowReader())
    #expect(ndjson.faults.isEmpty)
    #expect(ndjson.rows.map(ExactRow.init) == rows.map(ExactRow.init))
  }

  @Test func everyValueHasOneText() {
    for value in Self.numbers.map(Value.number) + Self.texts.map(Value.text) + [.boolean(true), .boolean(false)] {
      let row = TransferRow(time: 1_700_000_000_123, device: "d", metric: "m", value: value)
      #expect(ReadFile(fileBytes([row], .csv), CSVRowReader()).rows.map(ExactRow.init) == [ExactRow(row: row)])
      #expect(ReadFile(fileBytes([row], .ndjson), NDJSONRowReader()).rows.map(ExactRow.init) == [ExactRow(row: row)])
    }
  }

  @Test(arguments: TransferFormat.written)
  func piecesMayBeTornAnywhere(format: TransferFormat) {
    let bytes = fileBytes(Array(Self.rows(seed: 99).prefix(25)), format)
    func read(_ pieces: [Int]) -> ReadFile {
      format == .csv
        ? ReadFile(bytes, CSVRowReader(), pieces: pieces) : ReadFile(bytes, NDJSONRowReader(), pieces: pieces)
    }
    let whole = read([]).rows.map(ExactRow.init)
    #expect(whole.count == 25)
    for offset in bytes.indices { #expect(read([offset]).rows.map(ExactRow.init) == whole, "torn at \(offset)") }
    #expect(read(Array(bytes.indices)).rows.map(ExactRow.init) == whole)
  }

  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func anyBytesAreRowsOrFaults(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let samples = [
      fileBytes(Self.rows(seed: seed), .csv), fileBytes(Self.rows(seed: seed), .ndjson),
      Array("m,device=d\\ e,x=\"y f=1i,g=\"a\\\"b\",h=t 1700000000000000000\n# c\nm f=1e999\n".utf8),
    ]
    for sample in samples {
      var bytes = Array(sample.prefix(2_000))
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] =
          Bool.random(using: &random)
          ? .random(in: 0...255, using: &random) : Array("\"\\\n\r,=: {}0e-".utf8).randomElement(using: &random) ?? 0
      }
      let pieces = [Int.random(in: bytes.indices, using: &random)]
      let lines = bytes.count { $0 == 0x0A } + 1
      for read in [
        ReadFile(bytes, CSVRowReader(), pieces: pieces), ReadFile(bytes, NDJSONRowReader(), pieces: pieces),
        ReadFile(bytes, InfluxRowReader(), pieces: pieces),
      ] {
        #expect(read.faults.count <= lines)
        // What was read of a damaged file is still of the kind that can be written again.
        let again = ReadFile(
          fileBytes(read.rows.filter { $0.time != nil && (0...4_102_444_800_000).contains($0.time ?? 0) }, .ndjson),
          NDJSONRowReader())
        #expect(again.faults.isEmpty)
      }
    }
  }
}
