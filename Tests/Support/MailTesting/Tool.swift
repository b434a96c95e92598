import Foundation
public import Testing

/// A program of somebody else that tests talk to Martlet with. `scripts/setup test` brings them all.
public enum Tool {
    /// Where the program is: in the search path, among the system's programs, or where `scripts/peers` unpacks its own.
    public static func find(_ name: String) -> String? {
        let searchPath = environment["PATH"].map { $0.split(separator: ":").map(String.init) } ?? []
        return (searchPath + ["/usr/sbin", "/usr/lib/git-core", peers + "/bin"])
            .map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Where the program is.
    ///
    /// - Throws: `MissingTool`, which fails the test.
    public static func require(_ name: String) throws -> String {
        guard let path = find(name) else { throw MissingTool(name: name) }
        return path
    }

    /// Whether a missing tool is a failure, as in continuous integration, and no reason to skip a test.
    static var isMandatory: Bool { environment["MARTLET_CI"] != nil }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    private static var peers: String {
        if let path = environment["MARTLET_PEERS"] { return path }
        return (environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache") + "/martlet/peers"
    }
}

/// A program that a test needs is not on this machine.
public struct MissingTool: Error, CustomStringConvertible {
    public let name: String

    public var description: String { "\(name) is missing; scripts/setup test installs it" }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where one of these programs is missing; under `MARTLET_CI` the test runs, and fails at
    /// `Tool.require`.
    public static func requires(_ tools: String...) -> Self {
        .enabled("needs \(tools.joined(separator: ", ")); scripts/setup test installs what is missing") {
            Tool.isMandatory || tools.allSatisfy { Tool.find($0) != nil }
        }
    }
}
