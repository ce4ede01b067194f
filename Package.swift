// swift-tools-version: 6.2
import PackageDescription

// In CI every warning is an error; on a developer's machine it is only a warning, so that half-done work still builds.
let strict = Context.environment["WARNINGS_AS_ERRORS"] == "1"

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (strict ? [.treatAllWarnings(as: .error)] : [])

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let toml = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let hashTrees = Target.Dependency.product(name: "HashTreeCollections", package: "swift-collections")
let deques = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
  name: "telemetry-hub",
  products: [
    .executable(name: "telemetry-hub", targets: ["TelemetryHub"]),
    .executable(name: "telemetry-agent", targets: ["TelemetryAgent"]),
    .executable(name: "fleet-simulator", targets: ["FleetSimulator"]),
    .executable(name: "bare-sink", targets: ["BareSink"]),
    .executable(name: "publish-latency", targets: ["PublishLatency"]),
    .executable(name: "mqtt-load", targets: ["MQTTLoad"]),
    .executable(name: "flash-wear", targets: ["FlashWear"]),
    .executable(name: "http-latency", targets: ["HTTPLatency"]),
    .executable(name: "bare-http", targets: ["BareHTTP"]),
    .executable(name: "influx-bridge", targets: ["StoreBridge"]),
    .library(name: "DeviceAgentKit", targets: ["DeviceAgentKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // The protocol and the decisions: no I/O, no clock.
    .target(name: "MQTTProtocol", swiftSettings: settings),
    .target(name: "Durability", swiftSettings: settings),
    .target(
      name: "MQTTBroker", dependencies: ["MQTTProtocol", "Durability", hashTrees, deques],
      swiftSettings: settings),
    .target(name: "TimeSeriesStorage", swiftSettings: settings),
    .target(name: "TelemetryIngest", dependencies: ["TimeSeriesStorage"], swiftSettings: settings),
    .target(name: "TelemetryQuery", dependencies: ["TimeSeriesStorage"], swiftSettings: settings),
    .target(name: "DeviceManagement", swiftSettings: settings),

    // The file.
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CCRC32C"),
    .target(
      name: "HubDatabase",
      dependencies: ["CCRC32C", "CSQLite", "Durability", "MQTTBroker", "MQTTProtocol", "TimeSeriesStorage", logging],
      swiftSettings: settings),

    // The doors.
    .target(
      name: "MQTTServer",
      dependencies: ["MQTTBroker", "MQTTProtocol", "Durability", nioCore, nioPosix, nioHTTP1, nioWebSocket, logging],
      swiftSettings: settings),
    .target(
      name: "HTTPAPI",
      dependencies: [
        "TelemetryQuery", "TelemetryIngest", "TimeSeriesStorage", "DeviceManagement", hummingbird, hummingbirdCore,
        lifecycle, nioCore, logging,
      ], swiftSettings: settings),

    // The service.
    .executableTarget(
      name: "TelemetryHub",
      dependencies: [
        "MQTTServer", "MQTTBroker", "MQTTProtocol", "HTTPAPI", "HubDatabase", "Durability", "TimeSeriesStorage",
        "TelemetryIngest", "TelemetryQuery", "DeviceManagement", argumentParser, toml, logging, lifecycle, unixSignals,
        nioCore,
        nioPosix, hummingbird,
      ], swiftSettings: settings),

    // The device side.
    .systemLibrary(name: "CMosquitto", pkgConfig: "libmosquitto", providers: [.apt(["libmosquitto-dev"])]),
    .target(name: "MosquittoClient", dependencies: ["CMosquitto"], swiftSettings: settings),
    .target(
      name: "DeviceAgentKit", dependencies: ["MosquittoClient"], path: "devices/DeviceAgentKit",
      swiftSettings: settings),
    .executableTarget(
      name: "TelemetryAgent", dependencies: ["DeviceAgentKit", "MosquittoClient", argumentParser, toml],
      path: "devices/TelemetryAgent", swiftSettings: settings),
    .executableTarget(
      name: "FleetSimulator", dependencies: ["MQTTProtocol", nioCore, nioPosix, argumentParser],
      path: "devices/FleetSimulator", swiftSettings: settings),

    // What the benchmarks need beside the products.
    .executableTarget(
      name: "BareSink", dependencies: [nioCore, nioPosix, argumentParser], path: "Benchmarks/BareSink",
      swiftSettings: settings),
    .executableTarget(
      name: "PublishLatency", dependencies: ["MQTTProtocol", argumentParser], path: "Benchmarks/PublishLatency",
      swiftSettings: settings),

    .executableTarget(
      name: "FlashWear", dependencies: ["HubDatabase", "Durability", "TimeSeriesStorage", logging, argumentParser],
      path: "Benchmarks/FlashWear", swiftSettings: settings),
    .executableTarget(
      name: "HTTPLatency", dependencies: [argumentParser], path: "Benchmarks/HTTPLatency", swiftSettings: settings),
    .executableTarget(
      name: "BareHTTP", dependencies: [hummingbird, nioPosix, nioCore, logging, argumentParser],
      path: "Benchmarks/BareHTTP", swiftSettings: settings),
    .executableTarget(name: "StoreBridge", dependencies: ["CMosquitto"], path: "Benchmarks/StoreBridge"),
    .systemLibrary(name: "CEpoll", path: "Benchmarks/CEpoll"),
    .executableTarget(
      name: "MQTTLoad", dependencies: ["CEpoll", argumentParser], path: "Benchmarks/MQTTLoad", swiftSettings: settings),

    // Tests: units beside their module's name, doubles that several of them share, and the real processes end to end.
    .target(
      name: "MQTTTestSupport", dependencies: ["MQTTBroker", "MQTTProtocol", "Durability"],
      path: "Tests/MQTTTestSupport", swiftSettings: settings),
    .testTarget(name: "MQTTProtocolTests", dependencies: ["MQTTProtocol"], swiftSettings: settings),
    .testTarget(
      name: "MQTTBrokerTests", dependencies: ["MQTTBroker", "MQTTProtocol", "Durability", "MQTTTestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "MQTTServerTests",
      dependencies: [
        "MQTTServer", "MQTTBroker", "MQTTProtocol", "Durability", nioCore, nioPosix, nioEmbedded, logging,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "MQTTConformanceTests",
      dependencies: [
        "MQTTServer", "MQTTBroker", "MQTTProtocol", "Durability", "MQTTTestSupport", nioCore, nioPosix, logging,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "HTTPLatencyTests", dependencies: ["HTTPLatency"], path: "Benchmarks/HTTPLatencyTests",
      swiftSettings: settings),
    .testTarget(
      name: "MQTTLoadTests", dependencies: ["MQTTLoad", "MQTTProtocol"], path: "Benchmarks/MQTTLoadTests",
      swiftSettings: settings),
    .target(
      name: "TimeSeriesTestSupport", dependencies: ["TimeSeriesStorage"], path: "Tests/TimeSeriesTestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "TimeSeriesStorageTests", dependencies: ["TimeSeriesStorage", "TimeSeriesTestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "HubDatabaseTests",
      dependencies: [
        "HubDatabase", "CSQLite", "Durability", "MQTTBroker", "MQTTProtocol", "TelemetryQuery", "TimeSeriesStorage",
        logging,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "TelemetryIngestTests", dependencies: ["TelemetryIngest", "TimeSeriesStorage"], swiftSettings: settings),
    .testTarget(
      name: "TelemetryQueryTests", dependencies: ["TelemetryQuery", "TimeSeriesStorage"], swiftSettings: settings),
    .testTarget(name: "DeviceManagementTests", dependencies: ["DeviceManagement"], swiftSettings: settings),
    .testTarget(
      name: "HTTPAPITests",
      dependencies: [
        "HTTPAPI", "TimeSeriesStorage", "TelemetryIngest", "TelemetryQuery", "DeviceManagement", hummingbird,
        hummingbirdTesting, nioCore, nioPosix, nioEmbedded, logging,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "TelemetryHubTests", dependencies: ["TelemetryHub", "TimeSeriesStorage", argumentParser, logging],
      swiftSettings: settings),
    .testTarget(
      name: "DeviceAgentKitTests", dependencies: ["DeviceAgentKit", "MosquittoClient", "TelemetryAgent"],
      swiftSettings: settings),
    .testTarget(
      name: "FleetSimulatorTests", dependencies: ["FleetSimulator", "MQTTProtocol"], swiftSettings: settings),
    .testTarget(
      name: "HubEndToEndTests",
      dependencies: [
        "TelemetryHub", "TelemetryAgent", "FleetSimulator", "DeviceAgentKit", "MosquittoClient", "MQTTProtocol",
      ],
      swiftSettings: settings),

    // The broker in a simulated world, decided by a seed: `make test` runs some thousand seeds, `make simulate` any number.
    .target(
      name: "MQTTSimulation", dependencies: ["MQTTBroker", "MQTTProtocol", "Durability", "MQTTTestSupport"],
      path: "Tests/MQTTSimulation", swiftSettings: settings),
    .executableTarget(
      name: "simulate", dependencies: ["MQTTSimulation", argumentParser], path: "Tests/SimulateCommand",
      swiftSettings: settings),
    .testTarget(name: "MQTTSimulationTests", dependencies: ["MQTTSimulation"], swiftSettings: settings),

    // What `make fuzz` feeds; the tests replay what it has kept.
    .target(
      name: "FuzzTargets",
      dependencies: [
        "MQTTProtocol", "MQTTBroker", "Durability", "MQTTTestSupport", "TelemetryIngest", "TimeSeriesStorage",
        "TimeSeriesTestSupport",
      ],
      path: "Tests/Fuzzing/FuzzTargets", swiftSettings: settings),
    .testTarget(
      name: "FuzzTests", dependencies: ["FuzzTargets"], path: "Tests/Fuzzing/FuzzTests", swiftSettings: settings),
  ]
)

// `make fuzz` builds the same sources with the coverage instrumentation that libFuzzer steers by.
if Context.environment["FUZZING"] == "1" {
  let fuzzer = "-sanitize=fuzzer,address"
  for target in package.targets where target.type == .regular {
    target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags([fuzzer, "-assert-config", "Debug"])]
  }
  package.products.append(.executable(name: "fuzz", targets: ["FuzzCommand"]))
  package.targets.append(
    .executableTarget(
      name: "FuzzCommand", dependencies: ["FuzzTargets"], path: "Tests/Fuzzing/FuzzCommand", swiftSettings: settings,
      linkerSettings: [.unsafeFlags([fuzzer, "-use-ld=lld"])]))
}
