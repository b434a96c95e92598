import NIOConcurrencyHelpers
import NIOCore
public import SMTPCore

/// Carries decisions from other threads to one event loop. Whatever comes while a wake-up is under way rides with it, so
/// that a group of commits costs each loop one hop.
final class LoopMailbox: Sendable {
    enum Letter: Sendable {
        case verdict(SMTPServerVerdict, question: Int)
        case resume
    }

    let eventLoop: any EventLoop
    private let letters = NIOLockedValueBox<[(NIOLoopBound<SMTPConnectionHandler>, Letter)]>([])

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func post(_ letter: Letter, to connection: NIOLoopBound<SMTPConnectionHandler>) {
        let isFirst = letters.withLockedValue { letters in
            letters.append((connection, letter))
            return letters.count == 1
        }
        if isFirst { eventLoop.execute { self.deliver() } }
    }

    private func deliver() {
        let arrived = letters.withLockedValue { letters in
            defer { letters = [] }
            return letters
        }
        for (connection, letter) in arrived { connection.value.receive(letter) }
    }
}

/// Where a decision goes that was not there at once.
public struct SMTPAnswer: Sendable {
    let mailbox: LoopMailbox
    let connection: NIOLoopBound<SMTPConnectionHandler>
    let question: Int

    /// Gives the decision. May be called from any thread; what comes after the session's end is dropped.
    public func callAsFunction(_ verdict: SMTPServerVerdict) {
        mailbox.post(.verdict(verdict, question: question), to: connection)
    }
}

/// How a delegate says that content may flow again.
public struct SMTPResumption: Sendable {
    let mailbox: LoopMailbox
    let connection: NIOLoopBound<SMTPConnectionHandler>

    /// May be called from any thread.
    public func callAsFunction() {
        mailbox.post(.resume, to: connection)
    }
}
