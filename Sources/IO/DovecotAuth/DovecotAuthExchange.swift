public import MailSASL
import NIOCore

/// What Dovecot says to a client's response.
public enum DovecotAuthAnswer: Hashable, Sendable {
    case challenge([UInt8])
    case succeeded(user: String)
    case failed(DovecotAuthFailure)
}

/// One exchange with Dovecot. It ends with the last reference to it, if not before.
public final class DovecotAuthExchange: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<DovecotAuthHandler>

    init(channel: any Channel, handler: NIOLoopBound<DovecotAuthHandler>) {
        self.channel = channel
        self.handler = handler
    }

    deinit { channel.close(promise: nil) }

    /// What Dovecot says to the command.
    public func answer() async -> DovecotAuthAnswer { await answer(to: nil) }

    /// What Dovecot says to a response to its challenge.
    public func answer(to response: [UInt8]?) async -> DovecotAuthAnswer {
        let promise = channel.eventLoop.makePromise(of: DovecotAuthAnswer.self)
        channel.eventLoop.execute { [handler] in handler.value.expect(promise, after: response) }
        return (try? await promise.futureResult.get()) ?? .failed(.unavailable)
    }
}
