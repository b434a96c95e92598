public import MilterCore
import NIOCore

/// A session with a filter. One event at a time: whoever asks waits for the answer before asking again.
public final class MilterConnection: Sendable {
    /// What a filter says next.
    public enum Answer: Hashable, Sendable {
        /// Before its verdict on a whole message: change this. `next` tells what follows.
        case change(MilterChange)
        case verdict(MilterVerdict)
    }

    private let channel: any Channel
    private let handler: NIOLoopBound<MilterHandler>

    init(channel: any Channel, handler: NIOLoopBound<MilterHandler>) {
        self.channel = channel
        self.handler = handler
    }

    deinit {
        channel.close(promise: nil)
    }

    func agree() async throws(MilterFailure) {
        _ = try await answer { $0.agree() }
    }

    /// Tells the filter of an event that has an answer, and waits for it.
    ///
    /// - Parameter macros: what is known by now; the filter gets those that it wants.
    public func ask(_ event: MilterEvent, macros: [MilterMacro] = []) async throws(MilterFailure) -> Answer {
        try await answer { $0.ask(event, macros) }
    }

    /// Waits for what follows a change.
    public func next() async throws(MilterFailure) -> Answer {
        try await answer { $0.next() }
    }

    /// Tells the filter that the transaction is over without a message.
    public func abort() {
        channel.eventLoop.execute { [handler] in handler.value.tell(.abort) }
    }

    /// Says goodbye and closes. Whoever waits for an answer hears that there is none.
    public func quit() {
        channel.eventLoop.execute { [handler] in handler.value.quit() }
    }

    private func answer(
        _ ask: @escaping @Sendable (MilterHandler) -> EventLoopFuture<Answer>
    ) async throws(MilterFailure) -> Answer {
        do {
            return try await channel.eventLoop.flatSubmit { [handler] in ask(handler.value) }.get()
        } catch {
            throw error as? MilterFailure ?? .unreachable("\(error)")
        }
    }
}
