// swift-tools-version: 6.2
import PackageDescription

/// The fuzzers, a package of their own: `scripts/fuzz` builds all of it, the fuzzed modules too, with instrumentation
/// that nothing else should be built with.
let package = Package(
    name: "martlet-fuzz",
    dependencies: [.package(name: "martlet", path: "..")],
    targets: ["ServerMachineFuzzer", "ClientMachineFuzzer"].map { name in
        .executableTarget(
            name: name,
            dependencies: [
                .product(name: "SMTPCore", package: "martlet"), .product(name: "SMTPTesting", package: "martlet"),
            ],
            // The gold linker fails on instrumented objects.
            linkerSettings: [.unsafeFlags(["-Xclang-linker", "-fuse-ld=lld"], .when(platforms: [.linux]))])
    },
    swiftLanguageModes: [.v6]
)
