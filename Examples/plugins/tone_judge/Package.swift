// swift-tools-version: 6.1
// Build it with `evalhost plugin build`, which lays the SDK in Vendor/ and links what the library must not need later.
import PackageDescription

let package = Package(
    name: "tone_judge",
    products: [
        .library(name: "tone_judge", type: .dynamic, targets: ["tone_judge"])
    ],
    dependencies: [
        .package(path: "Vendor/EvalHostSDK")
    ],
    targets: [
        .target(name: "tone_judge", dependencies: [.product(name: "ScorerKit", package: "EvalHostSDK")])
    ],
    swiftLanguageModes: [.v6]
)
