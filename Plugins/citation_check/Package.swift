// swift-tools-version: 6.1
// Build it with `evalhost plugin build`, which lays the SDK in Vendor/ and links what the library must not need later.
import PackageDescription

let package = Package(
    name: "citation_check",
    products: [
        .library(name: "citation_check", type: .dynamic, targets: ["citation_check"])
    ],
    dependencies: [
        .package(path: "Vendor/EvalHostSDK")
    ],
    targets: [
        .target(name: "citation_check", dependencies: [.product(name: "ScorerKit", package: "EvalHostSDK")])
    ],
    swiftLanguageModes: [.v6]
)
