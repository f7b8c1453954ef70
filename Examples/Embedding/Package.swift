// swift-tools-version: 6.2
// A program that has Starling inside. It takes the library from the checkout that it lies in.

import PackageDescription

let package = Package(
    name: "Embedding",
    dependencies: [.package(name: "Starling", path: "../..")],
    targets: [
        .executableTarget(
            name: "Embedding", dependencies: [.product(name: "Starling", package: "Starling")])
    ]
)
