public import Foundation

/// Postfix's `smtp-sink`: takes everything at once, or fails as its options say, and keeps each transaction in a file.
public final class SinkPeer: Peer {
    public let port: Int
    private let process: PeerProcess
    private let options: [String]

    /// - Parameter options: `-L` for LMTP, `-f`, `-q` and `-r` with commands for failures: see smtp-sink(1).
    public init(options: [String] = []) throws {
        process = try PeerProcess()
        port = try LoopbackListener.freePort()
        self.options = options
    }

    public var log: String { process.log }

    public func start() async throws {
        try await process.makeFolders(["transactions"])
        let template = process.directory.path("transactions/%H%M%S.")
        let arguments = options + ["-u", PeerProcess.user, "-d", template, "127.0.0.1:\(port)", "128"]
        try await process.start(["/usr/sbin/smtp-sink"] + arguments, port: port)
    }

    public func stop() async throws { try await process.stop() }

    /// What it took: for each transaction the client and the envelope as header fields, and the message, with LF.
    public func transactions() throws -> [Data] {
        let folder = process.directory.path("transactions")
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .map { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")) }
    }
}
