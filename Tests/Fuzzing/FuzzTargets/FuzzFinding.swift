/// What must never be, and was.
package struct FuzzFinding: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// Throws a finding where the condition does not hold; the text is only made then.
@inline(__always)
func expect(_ condition: Bool, _ explanation: @autoclosure () -> String) throws(FuzzFinding) {
  if !condition { throw FuzzFinding(explanation()) }
}
