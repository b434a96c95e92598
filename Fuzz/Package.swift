// swift-tools-version: 6.2
import PackageDescription

/// The fuzzers, a package of their own: `scripts/fuzz` builds all of it, the fuzzed modules too, with instrumentation
/// that nothing else should be built with.
func fuzzer(_ name: String, _ products: String...) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["FuzzDriver"] + products.map { .product(name: $0, package: "martlet") },
        // The gold linker fails on instrumented objects.
        linkerSettings: [.unsafeFlags(["-Xclang-linker", "-fuse-ld=lld"], .when(platforms: [.linux]))])
}

let package = Package(
    name: "martlet-fuzz",
    dependencies: [.package(name: "martlet", path: "..")],
    targets: [
        .target(name: "FuzzDriver"),
        fuzzer("ServerMachineFuzzer", "SMTPCore", "SMTPTesting"),
        fuzzer("ClientMachineFuzzer", "SMTPCore", "SMTPTesting"),
        fuzzer("AddressFuzzer", "SMTPCore"),
        fuzzer("ProxyFuzzer", "SMTPCore"),
        fuzzer("MilterFuzzer", "MilterCore"),
        fuzzer("HeaderFuzzer", "MailMIME"),
        fuzzer("SpoolFuzzer", "MailSpool"),
        fuzzer("MessageParserFuzzer", "MailMIME"),
        fuzzer("DowngradeFuzzer", "MailMIME"),
        fuzzer("SASLFuzzer", "MailSASL"),
        fuzzer("DNSFuzzer", "SMTPCore"),
        fuzzer("MailHostFuzzer", "QueueCore"),
        fuzzer("OAuthFuzzer", "MailOAuth", "MailSASL", "WebCore"),
        fuzzer("DovecotFuzzer", "MailSASL"),
        fuzzer("TLSFuzzer", "SMTPCore"),
        fuzzer("PolicyFuzzer", "PolicyService", "SMTPCore"),
        fuzzer("ReportFuzzer", "MailReports", "MailMIME"),
    ],
    swiftLanguageModes: [.v6]
)
