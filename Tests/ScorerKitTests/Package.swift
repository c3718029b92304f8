// swift-tools-version: 6.1
// A plugin that uses all of ScorerKit, for run.sh beside it.
import PackageDescription

let package = Package(
    name: "everything",
    products: [
        .library(name: "everything", type: .dynamic, targets: ["everything"])
    ],
    dependencies: [
        .package(name: "EvalHostSDK", path: "../../Sources")
    ],
    targets: [
        .target(name: "everything", dependencies: [.product(name: "ScorerKit", package: "EvalHostSDK")])
    ],
    swiftLanguageModes: [.v6]
)
