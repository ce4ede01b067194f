/// Labels that are each given once: the second `acpitz` becomes `acpitz.2`.
struct UniqueLabels {
  private var taken: Set<String> = []

  mutating func take(_ label: String) -> String {
    var unique = label
    var number = 1
    while !taken.insert(unique).inserted {
      number += 1
      unique = "\(label).\(number)"
    }
    return unique
  }
}
