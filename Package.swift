// swift-tools-version: 6.1
// The house: one table of rooms. A room imports what its row names and nothing else; the build checks it
// (`make build` passes --explicit-target-dependency-import-check error).
import PackageDescription

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let features: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(name)", resources: resources, swiftSettings: features)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    let path = "Tests/\(name)Tests"
    return .testTarget(
        name: "\(name)Tests",
        dependencies: dependencies,
        path: path,
        exclude: exclude,
        swiftSettings: features
    )
}

let package = Package(
    name: "evalhost",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // text
        .target(
            name: "CEvalSimdjson",
            path: "Sources/CEvalSimdjson",
            linkerSettings: [.linkedLibrary("simdjson")]
        ),
        .target(name: "CEvalText", path: "Sources/CEvalText"),
        room("EvalJSON", ["CEvalSimdjson", "CEvalText", crypto]),
        tests("EvalJSON", ["EvalJSON"]),

        // the words
        room("EvalCore", ["EvalJSON"]),
        tests("EvalCore", ["EvalCore", "EvalJSON"]),

        // what judges without a model
        .target(
            name: "CEvalPCRE2",
            path: "Sources/CEvalPCRE2",
            linkerSettings: [.linkedLibrary(":libpcre2-8.a")]
        ),
        room("EvalScorers", ["CEvalPCRE2", "CEvalText", "EvalCore", "EvalJSON"]),
        tests("EvalScorers", ["EvalScorers", "EvalCore", "EvalJSON"], exclude: ["reference"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
