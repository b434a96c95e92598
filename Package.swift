// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Whether another package fetched this one: into `checkouts`, or so far only to read this manifest. Then nothing but the
/// libraries is wanted, and what only the server needs is not fetched either; whoever wants it says `traits: ["Server"]`.
let isFetched = {
    let folder = Context.packageDirectory
    let isCheckout =
        folder.contains("/checkouts/") && FileManager.default.fileExists(atPath: folder + "/../../repositories")
    return isCheckout || !FileManager.default.fileExists(atPath: folder + "/Sources")
}()

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
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging = ofServer("Logging", "swift-log")
let grdb = ofServer("GRDB", "GRDB.swift")
let grdbSQLite = ofServer("GRDBSQLite", "GRDB.swift")

/// A product that only the server needs.
func ofServer(_ name: String, _ package: String) -> Target.Dependency {
    .product(name: name, package: package, condition: .when(traits: ["Server"]))
}

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
        .library(name: "MailSASL", targets: ["MailSASL"]),
        .library(name: "SMTPCore", targets: ["SMTPCore"]),
        .library(name: "SMTPServer", targets: ["SMTPServer"]),
        .library(name: "SMTPClient", targets: ["SMTPClient"]),
        .library(name: "MailSpool", targets: ["MailSpool"]),
        .library(name: "MilterCore", targets: ["MilterCore"]),
        .library(name: "QueueCore", targets: ["QueueCore"]),
        .library(name: "MailReports", targets: ["MailReports"]),
        .library(name: "MailOAuth", targets: ["MailOAuth"]),
        .library(name: "WebCore", targets: ["WebCore"]),
        .library(name: "PolicyService", targets: ["PolicyService"]),
        .library(name: "SMTPTesting", targets: ["SMTPTesting"]),
        .executable(name: "martlet", targets: ["martlet"]),
        .executable(name: "martlet-sendmail", targets: ["martlet-sendmail"]),
    ],
    traits: [
        .trait(
            name: "Server", description: "The mail server and its command line: fetches what they need.",
            enabledTraits: ["ServiceLifecycle"]),
        .trait(name: "ServiceLifecycle", description: "Mailer is a Service of swift-service-lifecycle."),
        .default(enabledTraits: isFetched ? [] : ["Server"]),
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
        module("Core", "MailMIME", ["MailCore", "CBase64", "CText"]),
        .target(name: "CBase64", path: "Sources/C/CBase64"),
        .systemLibrary(name: "CText", path: "Sources/C/CText"),
        module("Core", "SMTPCore", ["MailCore", "MailSASL", crypto, nioCore]),
        module("Core", "MailSASL", ["MailCore", crypto]),
        module("Core", "WebCore", ["MailCore"]),
        module(
            "Core", "MailOAuth", ["MailCore", "MailSASL", "WebCore", crypto, ofServer("CryptoExtras", "swift-crypto")]),
        module("Core", "SMTPTutor", ["MailCore", "SMTPCore", nioCore]),
        module("Core", "MilterCore", ["MailCore", "SMTPCore", nioCore]),
        module("Core", "QueueCore", ["MailCore", nioCore]),
        module("Core", "MailDirectory", ["MailCore"]),
        module("Core", "SendmailCore", ["MailCore", "MailMIME"]),
        module("Core", "MailReports", ["MailCore", "MailMIME", "QueueCore"]),

        // IO: each module owns one outside thing, and none imports another.
        module(
            "IO", "SMTPServer", ["MailCore", "MailSASL", "SMTPCore", nioCore, nioPosix, nioConcurrency, nioTLS, nioSSL]),
        module(
            "IO", "SMTPClient",
            [
                "MailCore", "MailMIME", "MailSASL", "SMTPCore", "CLinuxFiles", nioCore, nioPosix, nioTLS, nioSSL,
                .product(
                    name: "ServiceLifecycle", package: "swift-service-lifecycle",
                    condition: .when(traits: ["ServiceLifecycle"])),
            ]),
        module(
            "IO", "MailSpool",
            [
                "MailCore", "QueueCore", "CZlib", nioCore, grdb, grdbSQLite,
            ]),
        module("IO", "LocalMail", ["MailCore", "MailMIME", "QueueCore", "CLinuxFiles", nioCore]),
        module("IO", "PolicyService", ["MailCore", "WebCore", nioCore, nioPosix]),
        module("IO", "WebClient", ["WebCore", nioCore, nioPosix, nioHTTP1, nioSSL]),
        module("IO", "MilterClient", ["MilterCore", nioCore, nioPosix]),
        module("IO", "DovecotAuth", ["MailSASL", nioCore, nioPosix]),
        module("IO", "Maildrop", ["MailCore", "SendmailCore", "CLinuxFiles"]),
        module("IO", "MailDNS", ["MailCore", "CUnbound"]),
        module(
            "IO", "MailCertificates",
            [
                "MailCore", crypto, ofServer("X509", "swift-certificates"), ofServer("SwiftASN1", "swift-asn1"),
            ]),
        module("IO", "MailUsers", ["MailSASL", "CCrypt", crypto]),
        .systemLibrary(name: "CCrypt", path: "Sources/C/CCrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CLinuxFiles", path: "Sources/C/CLinuxFiles"),
        .systemLibrary(name: "CMalloc", path: "Sources/C/CMalloc"),
        .systemLibrary(name: "CUnbound", path: "Sources/C/CUnbound", providers: [.apt(["libunbound-dev"])]),
        .systemLibrary(name: "CZlib", path: "Sources/C/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // Server: the flow of a message.
        module(
            "Server", "Reception",
            [
                "MailCore", "MailSASL", "SMTPCore", "MailDirectory", "QueueCore", "SMTPServer", "Maildrop",
                "PolicyService", "MilterCore", "MilterClient", "SendmailCore", crypto, nioCore,
            ]),
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
                "SMTPClient", "MailDNS", "Maildrop", "MailSASL", "MailOAuth", "MailUsers", "DovecotAuth",
                "PolicyService", "MilterClient", "SendmailCore", "WebClient", "WebCore", "CMalloc", crypto,
                "Reception", "Delivery", nioCore, nioPosix, nioConcurrency, logging,
                ofServer("ServiceLifecycle", "swift-service-lifecycle"),
                ofServer("UnixSignals", "swift-service-lifecycle"),
                ofServer("TOMLKit", "TOMLKit"),
            ]),

        // Tools: arguments and main.
        .executableTarget(
            name: "martlet",
            dependencies: [
                "MailCertificates", "MailCore", "MailMIME", "MailSASL", "MailSpool", "MailUsers", "MailDNS",
                "QueueCore", "SMTPCore",
                "SMTPClient",
                "SMTPServer", "SMTPTutor", "SendmailCore", "Delivery", "MailServer", nioCore, nioPosix,
                ofServer("ArgumentParser", "swift-argument-parser"),
                crypto,
            ],
            path: "Sources/Tools/martlet", swiftSettings: settings),
        .executableTarget(
            name: "martlet-sendmail", dependencies: ["MailCore", "SMTPCore", "SendmailCore", "Maildrop", nioCore],
            path: "Sources/Tools/martlet-sendmail", swiftSettings: settings),
        .executableTarget(
            name: "client-benchmark", dependencies: ["MailCore", "SMTPCore", "SMTPClient", nioCore],
            path: "Benchmarks/Client", swiftSettings: settings),
        .executableTarget(
            name: "mime-benchmark", dependencies: ["MailCore", "MailMIME"], path: "Benchmarks/Mime",
            swiftSettings: settings),

        tests("Core", "MailCore", ["MailCore"]),
        tests("Core", "SMTPCore", ["MailCore", "SMTPCore", "SMTPTesting", nioCore]),
        tests("Core", "MailSASL", ["MailCore", "MailSASL"]),
        tests(
            "Core", "MailOAuth", ["MailOAuth", "MailSASL", "WebCore", crypto, ofServer("CryptoExtras", "swift-crypto")]),
        tests("Core", "WebCore", ["MailCore", "WebCore"]),
        tests("Core", "MailDirectory", ["MailCore", "MailDirectory"]),
        tests("Core", "MailMIME", ["MailCore", "MailMIME"]),
        tests("Core", "SMTPClientMachine", ["MailCore", "MailSASL", "SMTPCore", nioCore]),
        tests("Core", "SMTPTutor", ["MailCore", "SMTPCore", "SMTPTutor", nioCore]),
        tests("Core", "MilterCore", ["MailCore", "MilterCore", "SMTPCore", nioCore]),
        tests("Core", "QueueCore", ["MailCore", "QueueCore"]),
        tests("Core", "SendmailCore", ["MailCore", "SendmailCore"]),
        tests("IO", "Maildrop", ["MailCore", "Maildrop", "MailTesting", "SendmailCore"]),
        tests("Core", "MailReports", ["MailCore", "MailReports", "QueueCore", "MailTesting", nioCore]),
        tests(
            "Server", "MailServer",
            [
                "MailCore", "MailDirectory", "MailDNS", "MailSASL", "MailServer", "MailSpool", "MailUsers", "Maildrop",
                "QueueCore", "Reception", "SMTPCore", "SMTPServer", "SendmailCore", "MailTesting", nioCore, logging,
            ]),
        tests(
            "IO", "MailSpool",
            [
                "MailSpool", "MailCore", "QueueCore", nioCore, grdb, grdbSQLite,
            ]),
        tests("IO", "MailUsers", ["MailSASL", "MailUsers"]),
        tests("IO", "LocalMail", ["MailCore", "MailMIME", "QueueCore", "LocalMail", "MailTesting", nioCore]),
        tests(
            "IO", "MailCertificates",
            [
                "MailCertificates", "MailCore", crypto, ofServer("X509", "swift-certificates"),
                ofServer("SwiftASN1", "swift-asn1"),
            ]),
        tests("IO", "MilterClient", ["MailTesting", "MilterClient", "MilterCore", nioCore, nioPosix]),
        tests("IO", "PolicyService", ["MailCore", "MailTesting", "PolicyService", "WebCore", nioCore, nioPosix]),
        tests("IO", "WebClient", ["MailTesting", "WebClient", "WebCore", nioPosix]),
        tests("IO", "MailDNS", ["MailCore", "MailDNS", "MailTesting"]),
        tests(
            "IO", "SMTPClient",
            [
                "MailCore", "MailMIME", "SMTPCore", "SMTPClient", "MailTesting", nioCore, nioPosix,
                ofServer("ServiceLifecycle", "swift-service-lifecycle"),
                ofServer("ServiceLifecycleTestKit", "swift-service-lifecycle"),
            ]),
        tests(
            "IO", "SMTPServer",
            [
                "SMTPServer", "MailCore", "SMTPCore", "MailTesting", nioCore, nioPosix,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ]),
        tests(
            "Server", "Reception",
            [
                "Reception", "MailCore", "MailDirectory", "MailSASL", "QueueCore", "SMTPCore", "SMTPServer", "Maildrop",
                "MilterClient", "MilterCore", "SendmailCore", "MailTesting", nioCore, nioPosix,
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
            name: "SystemTests", dependencies: ["MailMIME", "MailTesting", "SMTPClient", "SMTPTesting"],
            path: "Tests/System", exclude: ["Clients", "Faults"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
