/// A packet's properties in wire order. Empty costs no allocation.
package struct Properties: Equatable, Sendable, ExpressibleByArrayLiteral {
  package var items: [Property]

  package init(_ items: [Property] = []) { self.items = items }
  package init(arrayLiteral elements: Property...) { items = elements }

  package var isEmpty: Bool { items.isEmpty }

  package mutating func append(_ property: Property) { items.append(property) }
}
