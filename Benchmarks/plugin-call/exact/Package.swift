// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "exact",
    products: [.library(name: "exact", type: .dynamic, targets: ["exact"])],
    dependencies: [.package(path: "Vendor/EvalHostSDK")],
    targets: [.target(name: "exact", dependencies: [.product(name: "ScorerKit", package: "EvalHostSDK")])],
    swiftLanguageModes: [.v6]
)
