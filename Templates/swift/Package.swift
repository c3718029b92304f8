// swift-tools-version: 6.1
// Build it with `evalhost plugin build`, which lays the SDK in Vendor/ and links what the library must not need later.
import PackageDescription

let package = Package(
    name: "__NAME__",
    products: [
        .library(name: "__NAME__", type: .dynamic, targets: ["__NAME__"])
    ],
    dependencies: [
        .package(path: "Vendor/EvalHostSDK")
    ],
    targets: [
        .target(name: "__NAME__", dependencies: [.product(name: "ScorerKit", package: "EvalHostSDK")])
    ],
    swiftLanguageModes: [.v6]
)
