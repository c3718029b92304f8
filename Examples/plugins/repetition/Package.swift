// swift-tools-version: 6.1
// Build it with `evalhost plugin build`, which lays the SDK in Vendor/ and links what the library must not need later.
import PackageDescription

let package = Package(
    name: "repetition",
    products: [
        .library(name: "repetition", type: .dynamic, targets: ["repetition"])
    ],
    dependencies: [
        .package(path: "Vendor/EvalHostSDK")
    ],
    targets: [
        .target(name: "repetition", dependencies: [.product(name: "ScorerKit", package: "EvalHostSDK")])
    ],
    swiftLanguageModes: [.v6]
)
