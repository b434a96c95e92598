// swift-tools-version: 6.2
import PackageDescription

/// What every target of ours is compiled with. Warnings are errors where `MARTLET_STRICT` is set, as in continuous
/// integration; as a compiler flag this would hit the dependencies too.
let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("ExistentialAny"),
    ] + (Context.environment["MARTLET_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioConcurrency: Target.Dependency = .product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

func module(_ floor: String, _ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(floor)/\(name)", swiftSettings: settings)
}

func tests(_ floor: String, _ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(floor)/\(name)Tests",
        swiftSettings: settings)
}

let package = Package(
    name: "martlet",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "MailMIME", targets: ["MailMIME"]),
        .library(name: "SMTPCore", targets: ["SMTPCore"]),
        .library(name: "SMTPServer", targets: ["SMTPServer"]),
        .library(name: "SMTPClient", targets: ["SMTPClient"]),
        .library(name: "SMTPTesting", targets: ["SMTPTesting"]),
        .executable(name: "martlet", targets: ["martlet"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        // Core: values and machines. No sockets, files, clocks or randomness.
        module("Core", "MailCore", []),
        module("Core", "MailMIME", ["MailCore"]),
        module("Core", "SMTPCore", ["MailCore", nioCore]),
        module("Core", "QueueCore", ["MailCore", nioCore]),
        module("Core", "MailDirectory", ["MailCore"]),
        module("Core", "MailReports", ["MailCore", "MailMIME", "QueueCore"]),

        // IO: each module owns one outside thing, and none imports another.
        module("IO", "SMTPServer", ["MailCore", "SMTPCore", nioCore, nioPosix, nioConcurrency, nioTLS, nioSSL]),
        module("IO", "SMTPClient", ["MailCore", "SMTPCore", nioCore, nioPosix, nioTLS, nioSSL, crypto]),
        module(
            "IO", "MailSpool",
            [
                "MailCore", "QueueCore", "CZlib", nioCore, .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        module("IO", "LocalMail", ["MailCore", "MailMIME", "QueueCore", "CLinuxFiles", nioCore]),
        module("IO", "MailDNS", ["MailCore", "CUnbound"]),
        module(
            "IO", "MailCertificates",
            [
                "MailCore", crypto, .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ]),
        .systemLibrary(name: "CLinuxFiles", path: "Sources/C/CLinuxFiles"),
        .systemLibrary(name: "CUnbound", path: "Sources/C/CUnbound", providers: [.apt(["libunbound-dev"])]),
        .systemLibrary(name: "CZlib", path: "Sources/C/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Server: the flow of a message.
        module("Server", "Reception", ["MailCore", "SMTPCore", "MailDirectory", "QueueCore", "SMTPServer", nioCore]),
        module(
            "Server", "Delivery",
            [
                "MailCore", "MailMIME", "MailDirectory", "MailReports", "QueueCore", "SMTPCore", "SMTPClient",
                "LocalMail", "MailDNS", nioCore, nioPosix, nioConcurrency,
            ]),
        module(
            "Server", "MailServer",
            [
                "MailCore", "MailDirectory", "SMTPCore", "QueueCore", "SMTPServer", "MailSpool", "LocalMail",
                "SMTPClient", "MailDNS",
                "Reception", "Delivery", nioCore, nioPosix, nioConcurrency, logging,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "TOMLKit", package: "TOMLKit"),
            ]),

        // Tools: arguments and main.
        .executableTarget(
            name: "martlet",
            dependencies: [
                "MailCertificates", "MailCore", "MailMIME", "MailSpool", "MailDNS", "QueueCore", "SMTPCore",
                "SMTPClient", "Delivery",
                "MailServer",
                nioCore,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/Tools/martlet", swiftSettings: settings),

        tests("Core", "MailCore", ["MailCore"]),
        tests("Core", "SMTPCore", ["MailCore", "SMTPCore", "SMTPTesting", nioCore]),
        tests("Core", "MailDirectory", ["MailCore", "MailDirectory"]),
        tests("Core", "MailMIME", ["MailCore", "MailMIME"]),
        tests("Core", "SMTPClientMachine", ["MailCore", "SMTPCore", nioCore]),
        tests("Core", "QueueCore", ["MailCore", "QueueCore"]),
        tests("Core", "MailReports", ["MailCore", "MailReports", "QueueCore", "MailTesting", nioCore]),
        tests(
            "Server", "MailServer",
            [
                "MailCore", "MailDirectory", "MailDNS", "MailServer", "MailSpool", "QueueCore", "MailTesting", nioCore,
                logging,
            ]),
        tests(
            "IO", "MailSpool",
            [
                "MailSpool", "MailCore", "QueueCore", nioCore, .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        tests("IO", "LocalMail", ["MailCore", "QueueCore", "LocalMail", "MailTesting", nioCore]),
        tests("IO", "MailDNS", ["MailCore", "MailDNS", "MailTesting"]),
        tests("IO", "SMTPClient", ["MailCore", "SMTPCore", "SMTPClient", "MailTesting", nioCore, nioPosix]),
        tests(
            "IO", "SMTPServer",
            [
                "SMTPServer", "MailCore", "SMTPCore", "MailTesting", nioCore, nioPosix,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ]),
        tests(
            "Server", "Reception",
            [
                "Reception", "MailCore", "MailDirectory", "QueueCore", "SMTPCore", "SMTPServer", "MailTesting", nioCore,
                nioPosix,
            ]),
        tests(
            "Server", "Delivery",
            [
                "Delivery", "LocalMail", "MailCore", "MailDNS", "MailDirectory", "MailReports", "MailSpool",
                "QueueCore",
                "SMTPCore", "SMTPClient", "MailTesting", nioCore, nioPosix,
            ]),
        // What tests and the fuzzers of SMTP share.
        .target(
            name: "SMTPTesting", dependencies: ["MailCore", "SMTPCore", nioCore], path: "Tests/Support/SMTPTesting",
            swiftSettings: settings),
        // What tests of the whole system share, and those tests.
        .target(
            name: "MailTesting", dependencies: ["CLinuxFiles"], path: "Tests/Support/MailTesting",
            swiftSettings: settings),
        .testTarget(
            name: "MailTestingTests", dependencies: ["MailTesting"], path: "Tests/Support/MailTestingTests",
            swiftSettings: settings),
        .testTarget(
            name: "SystemTests", dependencies: ["MailTesting", "SMTPTesting"], path: "Tests/System",
            exclude: ["Clients"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
