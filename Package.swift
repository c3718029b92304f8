// swift-tools-version: 6.1
// The house: one table of rooms. A room imports what its row names and nothing else; the build checks it
// (`make build` passes --explicit-target-dependency-import-check error).
import PackageDescription

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioCompression: Target.Dependency = .product(name: "NIOHTTPCompression", package: "swift-nio-extras")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let tracing: Target.Dependency = .product(name: "Tracing", package: "swift-distributed-tracing")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let features: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        path: "Sources/\(name)",
        resources: resources,
        swiftSettings: features
    )
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: dependencies,
        path: "Tests/\(name)Tests",
        exclude: exclude,
        swiftSettings: features
    )
}

let package = Package(
    name: "evalhost",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "evalhost", targets: ["EvalHostCLI"]),
        .library(name: "EvalHost", targets: ["EvalHost"]),
        .library(name: "EvalTracing", targets: ["EvalTracing"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // contract and bindings
        .target(name: "CEvalHost", path: "Sources/CEvalHost"),
        .target(name: "CEvalSandbox", path: "Sources/CEvalSandbox"),
        .target(name: "CEvalTransport", dependencies: ["CEvalHost"], path: "Sources/CEvalTransport"),
        .target(
            name: "ScorerKit",
            dependencies: ["CEvalHost"],
            path: "Sources/ScorerKit",
            swiftSettings: features + [.enableExperimentalFeature("Lifetimes")]
        ),

        // text
        .target(
            name: "CEvalSimdjson",
            path: "Sources/CEvalSimdjson",
            linkerSettings: [.linkedLibrary("simdjson")]
        ),
        .target(name: "CEvalText", path: "Sources/CEvalText"),
        room("EvalJSON", ["CEvalSimdjson", "CEvalText", crypto]),
        tests("EvalJSON", ["EvalJSON"], exclude: ["reference"]),

        // the words
        room("EvalCore", ["EvalJSON"]),
        tests("EvalCore", ["EvalCore", "EvalJSON"], exclude: ["reference"]),

        // one ability each
        .target(name: "CEvalZlib", path: "Sources/CEvalZlib", linkerSettings: [.linkedLibrary("z")]),
        room("EvalJudges", ["EvalCore", "EvalJSON"]),
        tests("EvalJudges", ["EvalJudges", "EvalCore", "EvalJSON"], exclude: ["reference", "attacks.jsonl"]),
        room(
            "EvalModels",
            ["EvalCore", "EvalJSON", asyncHTTPClient, nioCompression, nioCore, nioHTTP1, nioPosix, nioSSL]
        ),
        tests(
            "EvalModels",
            ["EvalModels", "EvalCore", "EvalJSON", asyncHTTPClient, nioCore, nioHTTP1, nioPosix]
        ),
        room("EvalDatasets", ["CEvalZlib", "EvalCore", "EvalJSON"]),
        tests("EvalDatasets", ["EvalDatasets", "EvalCore", "EvalJSON"]),
        room("EvalPlugins", ["EvalCore", "EvalJSON", "EvalSuite", "CEvalHost", "CEvalSandbox", "CEvalTransport"]),
        tests("EvalPlugins", ["EvalPlugins", "EvalCore", "EvalFuzzSupport", "EvalJSON"]),
        room(
            "EvalPredictors",
            ["EvalCore", "EvalJSON", asyncHTTPClient, nioCore, nioHTTP1, nioPosix, nioSSL, subprocess, system]
        ),
        tests("EvalPredictors", ["EvalPredictors", "EvalCore", "EvalJSON", "EvalTestSupport"]),
        .target(
            name: "CEvalPCRE2",
            path: "Sources/CEvalPCRE2",
            linkerSettings: [.linkedLibrary(":libpcre2-8.a")]
        ),
        room("EvalScorers", ["CEvalPCRE2", "CEvalText", "EvalCore", "EvalJSON"]),
        tests("EvalScorers", ["EvalScorers", "EvalCore", "EvalJSON"], exclude: ["reference"]),
        room("EvalStore", ["EvalCore", "EvalJSON", grdb, sqlite]),
        tests("EvalStore", ["EvalCore", "EvalJSON", "EvalRunner", "EvalStore", "EvalTestSupport", grdb]),
        room("EvalSuite", ["EvalCore", "EvalJSON", yams]),
        tests("EvalSuite", ["EvalSuite", "EvalCore", "EvalJSON"]),

        room("EvalWire", ["EvalCore", "EvalJSON"]),
        tests("EvalWire", ["EvalWire", "EvalCore", "EvalJSON", protobuf], exclude: ["reference"]),
        room("EvalTracing", ["EvalCore", "EvalJSON", "EvalWire", tracing]),
        tests("EvalTracing", ["EvalTracing", "EvalCore", "EvalJSON", "EvalWire", tracing]),

        // the verbs
        room("EvalReports", ["EvalCore", "EvalJSON"]),
        tests("EvalReports", ["EvalReports", "EvalCore", "EvalJSON"], exclude: ["reference"]),
        room("EvalRunner", ["EvalCore", "EvalJSON"]),
        tests("EvalRunner", ["EvalRunner", "EvalCore", "EvalJSON", "EvalTestSupport"]),

        // the doors
        room(
            "EvalServer",
            [
                "CEvalZlib", "EvalCore", "EvalJSON", "EvalReports", "EvalWire", httpTypes, hummingbird, hummingbirdCore,
                logging, nioCore, serviceLifecycle,
            ]
        ),
        tests(
            "EvalServer",
            ["EvalCore", "EvalJSON", "EvalServer", "EvalStore", "EvalWire", httpTypes, nioCore]
        ),
        room(
            "EvalHost",
            [
                "EvalCore", "EvalDatasets", "EvalJSON", "EvalJudges", "EvalModels", "EvalPlugins", "EvalRunner",
                "EvalScorers", "EvalStore", "EvalWire",
            ]
        ),
        .executableTarget(
            name: "EvalHostCLI",
            dependencies: [
                "EvalCore", "EvalDatasets", "EvalJSON", "EvalJudges", "EvalModels", "EvalPlugins", "EvalPredictors",
                "EvalReports", "EvalRunner", "EvalScorers", "EvalServer", "EvalStore", "EvalSuite", "EvalWire",
                argumentParser,
            ],
            path: "Sources/EvalHostCLI",
            swiftSettings: features
        ),

        tests("EndToEnd", ["EvalJSON", "EvalTestSupport"]),
        tests("Tidy", []),

        // what tests share
        .target(
            name: "EvalFuzzSupport",
            dependencies: ["EvalCore", "EvalPlugins"],
            path: "Tests/EvalFuzzSupport",
            swiftSettings: features
        ),
        .target(
            name: "EvalTestSupport",
            dependencies: ["EvalCore", "EvalJSON"],
            path: "Tests/EvalTestSupport",
            swiftSettings: features
        ),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// Benchmarks are built when asked for: EVALHOST_BENCHMARKS=1 swift build -c release --product store-bench
if Context.environment["EVALHOST_BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "coverage-bench",
            dependencies: ["EvalCore"],
            path: "Benchmarks/coverage",
            swiftSettings: features
        )
    )
    package.targets.append(
        .executableTarget(
            name: "isolation-bench",
            dependencies: ["EvalCore", "EvalJSON", "EvalPlugins"],
            path: "Benchmarks/isolation/isolation-bench",
            swiftSettings: features
        )
    )
    package.targets.append(
        .executableTarget(
            name: "models-bench",
            dependencies: ["EvalCore", "EvalJSON", "EvalModels", nioCore, nioHTTP1, nioPosix],
            path: "Benchmarks/models-bench",
            swiftSettings: features
        )
    )
    package.targets.append(
        .executableTarget(
            name: "predict-bench",
            dependencies: ["EvalCore", "EvalJSON", "EvalPredictors"],
            path: "Benchmarks/predict/predict-bench",
            swiftSettings: features
        )
    )
    package.targets.append(
        .executableTarget(
            name: "scorers-bench",
            dependencies: ["EvalCore", "EvalJSON", "EvalScorers"],
            path: "Benchmarks/scorers-bench",
            swiftSettings: features
        )
    )
    package.targets.append(
        .executableTarget(
            name: "store-bench",
            dependencies: ["EvalCore", "EvalJSON", "EvalStore"],
            path: "Benchmarks/store-bench",
            swiftSettings: features
        )
    )
    package.targets.append(
        .executableTarget(
            name: "transport-fuzz",
            dependencies: ["EvalFuzzSupport", "EvalPlugins"],
            path: "Benchmarks/fuzz/transport-fuzz",
            swiftSettings: features
        )
    )
    package.targets.append(
        .executableTarget(
            name: "wire-bench",
            dependencies: ["EvalCore", "EvalJSON", "EvalWire"],
            path: "Benchmarks/wire-bench",
            swiftSettings: features
        )
    )
}
