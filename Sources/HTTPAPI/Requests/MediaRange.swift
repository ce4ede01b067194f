/// One element of an `Accept` header (RFC 9110 §12.5.1).
struct MediaRange: Equatable {
  /// In lower case; `*` is any.
  var type: String
  var subtype: String
  /// From 0 to 1.
  var quality: Double

  /// What is not a media range is left out.
  static func parse(_ header: String) -> [MediaRange] {
    header.split(separator: ",").compactMap { element in
      let parts = element.split(separator: ";").map { trimmed($0).lowercased() }
      guard let names = parts.first?.split(separator: "/", omittingEmptySubsequences: false), names.count == 2 else {
        return nil
      }
      let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
      return MediaRange(
        type: String(names[0]), subtype: String(names[1]), quality: weight.isFinite ? min(max(weight, 0), 1) : 0)
    }
  }

  /// The quality of the most specific range that matches; 0 where none does.
  static func quality(of mediaType: String, by ranges: [MediaRange]) -> Double {
    let names = mediaType.split(separator: "/")
    guard names.count == 2 else { return 0 }
    var best: (specificity: Int, quality: Double) = (-1, 0)
    for range in ranges {
      let specificity: Int
      if range.type == names[0], range.subtype == names[1] {
        specificity = 2
      } else if range.type == names[0], range.subtype == "*" {
        specificity = 1
      } else if range.type == "*", range.subtype == "*" {
        specificity = 0
      } else {
        continue
      }
      if specificity > best.specificity { best = (specificity, range.quality) }
    }
    return best.quality
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return text
  }
}
