// swift-tools-version: 6.1
// Build it with `evalhost plugin build`, which lays the SDK in Vendor/ and links what the library must not need later.
import PackageDescription

let package = Package(
    name: "readability",
    products: [
        .library(name: "readability", type: .dynamic, targets: ["readability"])
    ],
    dependencies: [
        .package(path: "Vendor/EvalHostSDK")
    ],
    targets: [
        .target(name: "readability", dependencies: [.product(name: "ScorerKit", package: "EvalHostSDK")])
    ],
    swiftLanguageModes: [.v6]
)
