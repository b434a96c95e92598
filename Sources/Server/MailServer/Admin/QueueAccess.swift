import MailCore
import MailSpool

/// The way to a queue: through the server while it runs, else by opening the spool.
package struct QueueAccess {
    /// How often a server is called that holds the spool.
    private static let patience = 40

    private let configuration: ServerConfiguration

    package init(configuration: ServerConfiguration) {
        self.configuration = configuration
    }

    /// Gives the answers to `request`, without the closing `.end`.
    ///
    /// - Throws: `SpoolError` if the spool cannot be opened, `ControlError` if a server cannot be asked or does not answer.
    package func ask(_ request: QueueRequest, _ take: (ControlAnswer) throws -> Void) async throws {
        if let socket = try ControlSocket(data: configuration.data) { return try socket.ask(.queue(request), take) }
        guard let owner = try owner() else { return try takeAnswersOfEmptyQueue(request, take) }
        let identity = ProcessIdentity.become(owner)
        defer { identity.restore() }
        let spool: Spool
        do throws(SpoolError) {
            spool = try Spool.open(
                directory: configuration.spoolFolder, settings: configuration.spoolSettings, now: SystemClock.now)
        } catch .locked {
            return try await startingServer().ask(.queue(request), take)
        }
        defer { spool.close() }
        let settings = configuration.isWhole ? configuration.deliverySettings : nil
        try await QueueInspector(spool: spool, settings: { settings }).answer(request) { answer in
            if case .end = answer { return }
            try take(answer)
        }
    }

    private func owner() throws(SpoolError) -> (userID: UInt32, groupID: UInt32)? {
        do throws(FileError) {
            return try SpoolFolder.owner(of: configuration.spoolFolder)
        } catch {
            throw .file(error)
        }
    }

    /// The socket of a server that holds the spool already and takes requests in a moment.
    private func startingServer() async throws -> ControlSocket {
        for _ in 0..<Self.patience {
            if let socket = try ControlSocket(data: configuration.data) { return socket }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw ControlError.silent
    }

    /// Where no server has ever run, nothing is queued, and nothing is made.
    private func takeAnswersOfEmptyQueue(_ request: QueueRequest, _ take: (ControlAnswer) throws -> Void) throws {
        switch request.command {
        case .count: try take(.count(QueueSummary(QueueCounts())))
        case .check: try take(.checked(CheckSummary(SpoolCheckReport())))
        case .list: return
        case .retry, .hold, .release, .reroute, .bounce, .delete:
            for id in request.ids ?? [] { try take(.missing(id)) }
        case .show, .content: try take(.failure("there is no queue at \(configuration.spoolFolder)"))
        }
    }
}
