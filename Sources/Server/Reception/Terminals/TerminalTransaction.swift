import MailCore
import SMTPCore

/// What SEND, SOML or SAML adds to a transaction: whose terminals are meant, and the beginning of the message.
final class TerminalTransaction {
    /// Somebody who is to see the message, and where it goes if that fails.
    struct Reader: Sendable {
        let user: String
        let recipient: EnvelopeRecipient
    }

    let verb: MailCommand.Verb
    private(set) var readers: [Reader] = []
    private(set) var content: [UInt8] = []

    /// - Returns: nil for MAIL.
    init?(_ verb: MailCommand.Verb) {
        guard verb != .mail else { return nil }
        self.verb = verb
    }

    func add(_ recipient: EnvelopeRecipient, user: String) {
        if !readers.contains(where: { $0.user == user }) { readers.append(Reader(user: user, recipient: recipient)) }
    }

    func take(_ piece: some Collection<UInt8>) {
        let room = TerminalMessage.contentLimit - content.count
        if room > 0 { content += piece.prefix(room) }
    }
}

/// Shows one message to those who were there when they were named.
struct TerminalShowing: Sendable {
    let messenger: any TerminalMessenger
    let message: TerminalMessage
    let readers: [TerminalTransaction.Reader]

    /// Shows the message to one after the other.
    ///
    /// - Returns: those who did not get it.
    func run() async -> [TerminalTransaction.Reader] {
        var missed: [TerminalTransaction.Reader] = []
        for reader in readers where await !messenger.show(message, to: reader.user) { missed.append(reader) }
        return missed
    }
}
