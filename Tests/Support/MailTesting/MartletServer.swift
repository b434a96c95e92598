import Foundation
import Synchronization
import Testing

/// A server of its own for a test: the built `martlet`, on a free port of the loopback, with all it writes in a
/// temporary folder. It can be stopped or killed, and started again on the same data.
public final class MartletServer: Sendable {
    public let directory: TemporaryDirectory
    /// The local domain and its users.
    public let domain = "example.org"
    public let users = ["ann", "bob", "postmaster"]
    private let state = Mutex(State())

    private struct State {
        var process: RunningProcess?
        var port = 0
        var starts = 0
    }

    /// - Parameters:
    ///   - configuration: TOML added to the server's own configuration.
    ///   - listener: lines added to the table of its listener.
    ///   - trusted: the networks that may relay.
    public init(configuration: String = "", listener: [String] = [], trusted: [String] = ["127.0.0.0/8"]) throws {
        directory = try TemporaryDirectory()
        let text = """
            hostname = "mail.example.org"
            data = "\(directory.path("data"))"
            [log]
            format = "logfmt"
            [listener.smtp]
            address = "127.0.0.1:0"
            \(listener.joined(separator: "\n"))
            [domain."\(domain)"]
            users = [\(users.map { "\"\($0)\"" }.joined(separator: ", "))]
            [relay]
            from = [\(trusted.map { "\"\($0)\"" }.joined(separator: ", "))]
            \(configuration)

            """
        try directory.write(Data(text.utf8), to: "martlet.toml")
    }

    /// Makes a server, starts it, and stops it after the closure.
    public static func with<Value>(
        configuration: String = "", listener: [String] = [], trusted: [String] = ["127.0.0.0/8"],
        isolation: isolated (any Actor)? = #isolation, _ body: (MartletServer) async throws -> Value
    ) async throws -> Value {
        let server = try MartletServer(configuration: configuration, listener: listener, trusted: trusted)
        try await server.start()
        let value: Value
        do {
            value = try await body(server)
        } catch {
            Issue.record("\(error)\nThe server's log:\n\(server.log)")
            try? await server.kill()
            throw error
        }
        try await server.stop()
        return value
    }

    /// The `martlet` that was built beside the tests.
    public static var program: String {
        get throws {
            var folder = URL(fileURLWithPath: CommandLine.arguments[0]).standardizedFileURL.deletingLastPathComponent()
            if let bundle = Bundle.allBundles.first(where: { $0.bundlePath.hasSuffix(".xctest") }) {
                folder = bundle.bundleURL.deletingLastPathComponent()
            }
            let path = folder.appendingPathComponent("martlet").path
            guard FileManager.default.isExecutableFile(atPath: path) else { throw MissingTool(name: path) }
            return path
        }
    }

    /// Starts it and waits until it says that it is ready.
    ///
    /// - Parameter environment: added to this process's own.
    public func start(environment: [String: String] = [:]) async throws {
        let log = state.withLock { state in
            precondition(state.process == nil, "the server runs already")
            state.starts += 1
            return logPath(start: state.starts)
        }
        let process = try RunningProcess(
            try Self.program, ["serve", "--config", configurationPath], environment: environment, output: log,
            errors: log)
        state.withLock { $0.process = process }
        let port = try await eventually("the server's being ready") {
            if let status = process.status { throw ServerEnded(status: status, log: self.log) }
            return Self.port(inLog: self.log)
        }
        state.withLock { $0.port = port }
    }

    /// Asks it to end and waits until it has.
    public func stop() async throws {
        guard let status = try await end(with: SIGTERM) else { return }
        guard status == 0 else { throw ServerEnded(status: status, log: log) }
    }

    /// Kills it, as a crash would, and waits until it is gone.
    public func kill() async throws {
        _ = try await end(with: SIGKILL)
    }

    /// Sends it a signal and waits until it is gone; it may have ended before.
    ///
    /// - Returns: how it ended: its exit status, or 128 and the signal that ended it.
    @discardableResult
    public func end(with signal: Int32) async throws -> Int32? {
        guard let process = state.withLock({ $0.process }) else { return nil }
        process.signal(signal)
        let status = try await process.end()
        state.withLock { $0.process = nil }
        return status
    }

    /// Where it listens; another one after each start.
    public var port: Int { state.withLock { $0.port } }

    /// The number of its process; nil while it does not run.
    public var processIdentifier: Int32? {
        state.withLock { state in
            guard let process = state.process, process.status == nil else { return nil }
            return process.identifier
        }
    }

    public var configurationPath: String { directory.path("martlet.toml") }
    public var dataDirectory: String { directory.path("data") }

    /// What it has written since its last start.
    public var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

    /// Waits until a text stands in the log: a line may come after the reply that it tells of.
    public func expectLog(_ text: String, isolation: isolated (any Actor)? = #isolation) async throws {
        _ = try await eventually("\"\(text)\" in the log") { log.contains(text) ? true : nil }
    }

    /// The same for what a pattern fits.
    public func expectLog(
        _ pattern: Regex<Substring>, isolation: isolated (any Actor)? = #isolation
    ) async throws {
        _ = try await eventually("a line in the log that fits") { log.contains(pattern) ? true : nil }
    }

    private var logPath: String { logPath(start: state.withLock { $0.starts }) }

    private func logPath(start: Int) -> String { directory.path("server-\(start).log") }

    /// The port in the line that says the server is ready.
    static func port(inLog log: String) -> Int? {
        for line in log.split(separator: "\n") where line.contains(/\bevent"?[=:]\s*"?ready\b/) {
            if let match = line.firstMatch(of: /127\.0\.0\.1:(\d+)/) { return Int(match.1) }
        }
        return nil
    }
}

/// The server ended when it should not have, or otherwise than it should.
public struct ServerEnded: Error, CustomStringConvertible {
    public let status: Int32
    public let log: String

    public var description: String { "the server ended with status \(status); its log:\n\(log)" }
}
