import MailCore
import NIOPosix
import SMTPCore
import SMTPServer
import Synchronization

/// A server on a free port of the loopback that takes every message, keeps the last one in memory, and forgets it.
final class PracticeServer: Sendable {
    private static let largestMessage: UInt64 = 1 << 20
    private static let linesShown = 50

    let port: Int
    private let messages: PracticeMessages

    private init(port: Int, messages: PracticeMessages) {
        self.port = port
        self.messages = messages
    }

    var endpoint: String { "127.0.0.1:\(port)" }

    /// The message that was taken since the last call, line by line, the end of a long one left out.
    func takeMessage() -> [String]? {
        guard let text = messages.take() else { return nil }
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        let shown = lines.last == "" ? lines.dropLast() : lines[...]
        return Array(shown.prefix(Self.linesShown))
            + (shown.count > Self.linesShown ? ["(\(shown.count - Self.linesShown) lines more)"] : [])
    }

    /// Runs the body beside a server.
    ///
    /// - Throws: the exit code, after saying why, where the server cannot listen; and what the body throws.
    static func with(_ body: (PracticeServer) async throws -> Void) async throws {
        let messages = PracticeMessages()
        var machine = SMTPServerConfiguration(hostname: "learn.localhost")
        machine.limits.content.size = largestMessage
        let listener = SMTPListener(
            SMTPListenerConfiguration(
                name: "practice", endpoint: .ip(.v4(IPv4Address(bits: 0x7F00_0001)), port: 0), machine: machine),
            group: MultiThreadedEventLoopGroup.singleton, ledger: ConnectionLedger(limits: ConnectionLimits(total: 10)),
            isTrusted: { $0.isLoopback }, makeDelegate: { _ in PracticeSession(messages) })
        let endpoint: SMTPListenerConfiguration.Endpoint
        do {
            endpoint = try await listener.bind()
        } catch {
            throw ExitStatus.system.failing("no server for practice can listen on this machine: \(error)")
        }
        guard case .ip(_, let port) = endpoint else { preconditionFailure("it listens on an address") }
        do {
            try await body(PracticeServer(port: port, messages: messages))
            await listener.shutDown(grace: .zero)
        } catch {
            await listener.shutDown(grace: .zero)
            throw error
        }
    }
}

/// What the sessions of a server for practice have taken.
final class PracticeMessages: Sendable {
    private let last = Mutex<String?>(nil)

    func put(_ text: String) { last.withLock { $0 = text } }

    func take() -> String? {
        last.withLock { text in
            defer { text = nil }
            return text
        }
    }
}
