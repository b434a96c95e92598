import MailCore

/// What lives from MAIL to the end of the message, RSET or a new greeting.
struct SMTPServerTransaction: Equatable {
    /// Where the transaction stands with its content.
    enum Stage: Equatable {
        case recipients
        /// BDAT has begun.
        case chunks
        /// A chunk was refused: only RSET or a greeting helps (RFC 3030 §2).
        case spoiled
    }

    let mail: MailCommand
    var stage = Stage.recipients
    /// Whether what it brought was already given up: its content can't be accepted.
    var isAbandoned = false
    /// The accepted forward paths, one after the other, for the replies of LMTP.
    private(set) var accepted = 0
    private(set) var refused = 0

    init(mail: MailCommand) {
        self.mail = mail
    }

    mutating func acceptRecipient() { accepted += 1 }
    mutating func refuseRecipient() { refused += 1 }
}
