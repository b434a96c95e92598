import MailCore
import QueueCore
import SMTPCore

/// The replies that policy gives.
extension SMTPReply {
    static let noSuchUser = SMTPReply(550, .init(.permanentFailure, 1, 1), "No such user here")
    static let noSuchList = SMTPReply(550, .init(.permanentFailure, 1, 1), "No such mailing list here")
    static let relayingDenied = SMTPReply(550, .init(.permanentFailure, 7, 1), "Relaying denied")
    static let domainTakesNoMail = SMTPReply(556, .init(.permanentFailure, 1, 10), "The domain takes no mail")
    static let noSuchDomain = SMTPReply(550, .init(.permanentFailure, 1, 2), "There is no such domain")
    static let domainUnknownNow = SMTPReply(
        451, .init(.persistentTransientFailure, 4, 3), "DNS does not tell about the domain now; try again later")
    static let emptyList = SMTPReply(250, .init(.success, 1, 5), "The list has no members")
    static let answerNeedsUTF8 = SMTPReply(
        553, .init(.permanentFailure, 6, 8), "The answer is beyond ASCII; ask with SMTPUTF8")
    static let wouldBeTried = SMTPReply(252, .init(.success, 5, 0), "I cannot tell, but would try to send it a message")
    static let noRoom = SMTPReply(452, .init(.persistentTransientFailure, 3, 1), "There is too little room on disk")
    static let cannotStore = SMTPReply(451, .init(.persistentTransientFailure, 3, 0), "The message could not be stored")

    static let userIsThere = SMTPReply(250, .init(.success, 1, 5), "The user is at a terminal")
    static let userNotThere = SMTPReply(
        450, .init(.persistentTransientFailure, 2, 1), "The user is at no terminal that takes messages")
    static let shown = SMTPReply(250, .init(.success, 0, 0), "Shown")
    static let notShown = SMTPReply(
        450, .init(.persistentTransientFailure, 2, 1), "Not every terminal took the message")

    static func willForward(to address: EmailAddress) -> SMTPReply {
        SMTPReply(251, .init(.success, 1, 5), "User not local; will forward to <\(address)>")
    }

    static func moved(to address: EmailAddress) -> SMTPReply {
        SMTPReply(551, .init(.permanentFailure, 1, 6), "User has moved; please try <\(address)>")
    }

    static func malformedAddress(_ error: AddressError) -> SMTPReply {
        SMTPReply(501, .init(.permanentFailure, 1, 3), "That is no address: \(error)")
    }

    static func tooManyUnknown(_ hostname: String) -> SMTPReply {
        SMTPReply(421, .init(.persistentTransientFailure, 7, 0), "\(hostname) Too many unknown recipients; goodbye")
    }

    static func queueClosed(_ hostname: String) -> SMTPReply {
        SMTPReply(421, .init(.persistentTransientFailure, 3, 2), "\(hostname) No messages are taken now; goodbye")
    }

    static func queued(_ id: QueueID) -> SMTPReply {
        SMTPReply(250, .init(.success, 0, 0), "Queued as \(id)")
    }
}

extension SinkError {
    /// What a peer is told whose message was not taken.
    func verdict(hostname: String) -> SMTPServerVerdict {
        switch self {
        case .full: .refuse(.noRoom)
        case .stopped: .refuseAndClose(.queueClosed(hostname))
        case .failed: .refuse(.cannotStore)
        }
    }

    /// The same where the session goes on.
    var reply: SMTPReply { self == .full ? .noRoom : .cannotStore }
}
