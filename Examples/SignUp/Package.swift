// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "sign-up",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "martlet", path: "../..", traits: ["ServiceLifecycle"]),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    ],
    targets: [
        .executableTarget(
            name: "App",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "SMTPClient", package: "martlet"),
            ]),
        .testTarget(
            name: "AppTests",
            dependencies: [
                "App", .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "SMTPClient", package: "martlet"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
