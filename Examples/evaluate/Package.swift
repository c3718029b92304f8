// swift-tools-version: 6.1
// A program that evaluates its own application with evalhost as a library.
import PackageDescription

let package = Package(
    name: "evaluate",
    dependencies: [.package(name: "evalhost", path: "../..")],
    targets: [
        .executableTarget(name: "evaluate", dependencies: [.product(name: "EvalHost", package: "evalhost")])
    ],
    swiftLanguageModes: [.v6]
)
