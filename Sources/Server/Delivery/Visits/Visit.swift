public import MailCore
import NIOConcurrencyHelpers
import QueueCore
public import SMTPClient
import SMTPCore

/// A connection on which the other side has become the server, to get the mail of some domains.
public final class Visit: Sendable {
    /// One recipient of the queue.
    public struct Place: Hashable, Sendable {
        let message: QueueID
        let recipient: Int

        public init(_ message: QueueID, recipient: Int) {
            self.message = message
            self.recipient = recipient
        }
    }

    private struct State {
        /// Those that the visit is for and that have not been tried yet.
        var waiting: Set<Place> = []
        var delivered = 0
        var hasFailed = false
        var isBusy = false
        var line: [CheckedContinuation<Void, Never>] = []
    }

    public let domains: Set<Domain>
    private let connection: SMTPConnection
    private let state = NIOLockedValueBox(State())
    private let bell = Doorbell()

    public init(of domains: Set<Domain>, _ connection: SMTPConnection) {
        self.domains = domains
        self.connection = connection
    }

    /// Recipients that have got their mail.
    public var delivered: Int { state.withLockedValue(\.delivered) }

    /// Names recipients that the visit is for.
    public func expect(_ places: some Sequence<Place>) {
        state.withLockedValue { $0.waiting.formUnion(places) }
    }

    /// Returns when all that is expected has been tried, when the connection is gone, or when nothing has been tried for
    /// so long.
    public func finish(patience: Duration) async {
        var last = -1
        while connection.isOpen {
            let (left, hasFailed) = state.withLockedValue { ($0.waiting.count, $0.hasFailed) }
            if left == 0 || hasFailed || left == last || Task.isCancelled { return }
            last = left
            await bell.wait(atMost: patience)
        }
    }

    /// Sends a message, when those before it are done, as the visitor can take it.
    ///
    /// - Throws: what `RelayContent` throws, or what the connection throws, which ends the visit.
    func deliver(_ envelope: Envelope, _ content: RelayContent) async throws -> TransactionResult {
        await takeTurn()
        defer { endTurn() }
        let form = try await content.form(for: connection.extensions)
        var envelope = envelope
        envelope.options.body = form.body
        do {
            return try await connection.deliver(envelope, form.content)
        } catch {
            state.withLockedValue { $0.hasFailed = true }
            throw error
        }
    }

    /// Takes note of what was tried.
    func tried(_ places: some Sequence<Place>, delivered: Int) {
        state.withLockedValue { state in
            state.waiting.subtract(places)
            state.delivered += delivered
        }
        bell.ring()
    }

    private func takeTurn() async {
        await withCheckedContinuation { continuation in
            let mayGo = state.withLockedValue { state in
                guard state.isBusy else {
                    state.isBusy = true
                    return true
                }
                state.line.append(continuation)
                return false
            }
            if mayGo { continuation.resume() }
        }
    }

    private func endTurn() {
        let next = state.withLockedValue { state -> CheckedContinuation<Void, Never>? in
            guard !state.line.isEmpty else {
                state.isBusy = false
                return nil
            }
            return state.line.removeFirst()
        }
        next?.resume()
    }
}
