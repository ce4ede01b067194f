/// A metric with its samples, as OpenMetrics has them.
package struct MetricFamily: Sendable, Equatable {
  package enum Kind: String, Sendable {
    /// Only grows; its name is given without `_total`.
    case counter
    case gauge
  }

  package struct Sample: Sendable, Equatable {
    package let labels: [Label]
    package let value: Double

    package init(_ value: some BinaryInteger, labels: [Label] = []) {
      self.labels = labels
      self.value = Double(value)
    }

    package init(_ value: Double, labels: [Label] = []) {
      self.labels = labels
      self.value = value
    }
  }

  package struct Label: Sendable, Equatable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// `telemetry_hub_…`, without the `_total` of a counter.
  package let name: String
  package let kind: Kind
  package let help: String
  package let samples: [Sample]

  package init(_ name: String, _ kind: Kind, help: String, samples: [Sample]) {
    self.name = name
    self.kind = kind
    self.help = help
    self.samples = samples
  }

  package init(_ name: String, _ kind: Kind, help: String, _ value: some BinaryInteger) {
    self.init(name, kind, help: help, samples: [Sample(value)])
  }
}
