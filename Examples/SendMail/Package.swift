// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "send-mail",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "martlet", path: "../..", traits: [])],
    targets: [
        .executableTarget(name: "send-mail", dependencies: [.product(name: "SMTPClient", package: "martlet")])
    ],
    swiftLanguageModes: [.v6]
)
