import Foundation
import Synchronization

/// The process of a peer that `with-peers` runs, and its folder.
final class PeerProcess: Sendable {
    let directory: TemporaryDirectory
    /// The user who owns what the peer's unprivileged parts write: one that every Debian system has.
    static let user = "daemon"
    private let running = Mutex<RunningProcess?>(nil)

    init() throws {
        directory = try TemporaryDirectory()
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.path)
    }

    /// What the program has written, and its log file.
    var log: String {
        ["output", "log"].map { (try? String(contentsOfFile: directory.path($0), encoding: .utf8)) ?? "" }.joined()
    }

    /// Makes folders that the user owns.
    func makeFolders(_ names: [String], group: String = "daemon", mode: String = "0700") async throws {
        let arguments = ["-d", "-o", Self.user, "-g", group, "-m", mode] + names.map { directory.path($0) }
        let result = try await run(Tool.require("install"), arguments)
        guard result.status == 0 else { throw PeerEnded(status: result.status, log: result.errors) }
    }

    /// Starts a program that finds all the peers' files in their places, and waits until it listens.
    func start(_ program: [String], port: Int) async throws {
        try start(Tool.require("with-peers"), program)
        _ = try await eventually("\(program[0]) on port \(port)") {
            if let status = self.running.withLock({ $0?.status }) { throw PeerEnded(status: status, log: self.log) }
            return try? RawConnection(port: port)
        }
    }

    private func start(_ program: String, _ arguments: [String]) throws {
        let output = directory.path("output")
        let process = try RunningProcess(program, arguments, output: output, errors: output)
        running.withLock { $0 = process }
    }

    func stop() async throws {
        guard let process = running.withLock({ $0 }) else { return }
        process.signal(SIGTERM)
        _ = try await process.end()
        running.withLock { $0 = nil }
    }
}

/// A peer ended when it should not have, or could not start.
public struct PeerEnded: Error, CustomStringConvertible {
    public let status: Int32
    public let log: String

    public var description: String { "the peer ended with status \(status); its log:\n\(log)" }
}
