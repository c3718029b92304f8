// swift-tools-version: 6.1
// The house: one table of rooms. A room imports what its row names and nothing else; the build checks it
// (`make build` passes --explicit-target-dependency-import-check error).
import PackageDescription

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
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
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // contract and bindings
        .target(name: "CEvalHost", path: "Sources/CEvalHost"),
        .target(name: "CEvalSandbox", path: "Sources/CEvalSandbox"),
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
        tests("EvalCore", ["EvalCore", "EvalJSON"]),

        // one ability each
        room("EvalDatasets", ["EvalCore", "EvalJSON"]),
        tests("EvalDatasets", ["EvalDatasets", "EvalCore", "EvalJSON"]),
        room("EvalPlugins", ["EvalCore", "EvalJSON", "CEvalHost", "CEvalSandbox"]),
        tests("EvalPlugins", ["EvalPlugins", "EvalCore", "EvalJSON"]),
        .target(
            name: "CEvalPCRE2",
            path: "Sources/CEvalPCRE2",
            linkerSettings: [.linkedLibrary(":libpcre2-8.a")]
        ),
        room("EvalScorers", ["CEvalPCRE2", "CEvalText", "EvalCore", "EvalJSON"]),
        tests("EvalScorers", ["EvalScorers", "EvalCore", "EvalJSON"], exclude: ["reference"]),
        room("EvalStore", ["EvalCore", "EvalJSON", grdb, sqlite]),
        tests("EvalStore", ["EvalCore", "EvalJSON", "EvalStore", grdb]),
        room("EvalSuite", ["EvalCore", "EvalJSON", yams]),
        tests("EvalSuite", ["EvalSuite", "EvalCore", "EvalJSON"]),

        // the verbs
        room("EvalReports", ["EvalCore", "EvalJSON"]),
        room("EvalRunner", ["EvalCore", "EvalJSON"]),
        tests("EvalRunner", ["EvalRunner", "EvalCore", "EvalJSON", "EvalTestSupport"]),

        // the doors
        room(
            "EvalHost",
            ["EvalCore", "EvalDatasets", "EvalJSON", "EvalPlugins", "EvalRunner", "EvalScorers", "EvalStore"]
        ),
        .executableTarget(
            name: "EvalHostCLI",
            dependencies: [
                "EvalCore", "EvalDatasets", "EvalJSON", "EvalPlugins", "EvalReports", "EvalRunner", "EvalScorers",
                "EvalStore",
                "EvalSuite", argumentParser,
            ],
            path: "Sources/EvalHostCLI",
            swiftSettings: features
        ),

        tests("EndToEnd", ["EvalJSON"]),
        tests("Tidy", []),

        // what tests share
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
}
