// swift-tools-version: 6.1
// The SDK's own manifest: the contract and ScorerKit alone, so that a plugin builds in seconds and clones nothing of
// the host. `evalhost plugin new` and `evalhost plugin build` copy it, with both targets, to Vendor/EvalHostSDK.
import PackageDescription

let package = Package(
    name: "EvalHostSDK",
    products: [
        .library(name: "ScorerKit", targets: ["ScorerKit"])
    ],
    targets: [
        .target(name: "CEvalHost", path: "CEvalHost"),
        .target(
            name: "ScorerKit",
            dependencies: ["CEvalHost"],
            path: "ScorerKit",
            swiftSettings: [
                .enableExperimentalFeature("Lifetimes"),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
