import MailCore

/// The replies that a server gives by itself.
extension SMTPReply {
    private static func ok(_ code: Int, _ subject: Int, _ detail: Int, _ text: String) -> SMTPReply {
        SMTPReply(code, EnhancedStatusCode(.success, subject, detail), text)
    }

    private static func never(_ code: Int, _ subject: Int, _ detail: Int, _ text: String) -> SMTPReply {
        SMTPReply(code, EnhancedStatusCode(.permanentFailure, subject, detail), text)
    }

    private static func later(_ code: Int, _ subject: Int, _ detail: Int, _ text: String) -> SMTPReply {
        SMTPReply(code, EnhancedStatusCode(.persistentTransientFailure, subject, detail), text)
    }

    static func greeting(_ configuration: SMTPServerConfiguration) -> SMTPReply {
        SMTPReply(220, "\(configuration.hostname) \(configuration.kind == .smtp ? "ESMTP" : "LMTP") Martlet")
    }

    static let reset = ok(250, 0, 0, "Forgotten")
    static let nothingDone = ok(250, 0, 0, "Nothing done")
    static let goodbye = ok(221, 0, 0, "Goodbye")
    static let senderAccepted = ok(250, 1, 0, "Sender accepted")
    static let recipientAccepted = ok(250, 1, 5, "Recipient accepted")
    static let messageAccepted = ok(250, 0, 0, "Message accepted")
    static let sendContent = SMTPReply(354, "Send the message; end it with a line of a single dot")
    static let readyForTLS = ok(220, 0, 0, "Begin the handshake")
    static let authenticated = ok(235, 7, 0, "You are who you say")
    static let cannotVerify = ok(252, 5, 0, "I do not tell; try to send it a message")

    static let queueStarted = ok(250, 0, 0, "The queue is being tried")
    static let turned = ok(250, 0, 0, "You are the server now")

    static func chunkTaken(_ size: UInt64) -> SMTPReply { ok(250, 0, 0, "\(size) octets taken") }

    static let greetFirst = never(503, 5, 1, "Greet first")
    static let mailFirst = never(503, 5, 1, "Begin with MAIL")
    static let transactionOpen = never(503, 5, 1, "There is a transaction already; RSET ends it")
    static let chunksBegun = never(503, 5, 1, "The message is coming by BDAT; finish it or use RSET")
    static let recipientFirst = never(503, 5, 1, "Name a recipient first")
    static let noRecipients = never(554, 5, 1, "No recipient was accepted")
    static let spoiled = never(503, 5, 1, "A chunk was refused; use RSET")
    static let onlyQuit = never(503, 5, 1, "You were turned away; only QUIT is left")
    static let useLHLO = never(500, 5, 1, "This is LMTP: use LHLO")
    static let noLHLO = never(500, 5, 1, "This is SMTP: use EHLO")
    static let needsEHLO = never(555, 5, 4, "Parameters need EHLO")
    static let requireTLSNeedsTLS = never(555, 5, 4, "REQUIRETLS is offered only over TLS")
    static let binaryNotOffered = never(555, 5, 4, "BODY=BINARYMIME is not offered")
    static let binaryNeedsChunks = never(503, 5, 1, "BODY=BINARYMIME needs BDAT")
    static let senderNeedsUTF8 = never(553, 6, 7, "An address beyond ASCII needs SMTPUTF8 with MAIL")
    static let noSuchTopic = never(504, 5, 4, "There is no help on that")
    static let lineTooLong = never(500, 5, 2, "The line is too long")
    static let responseTooLong = never(500, 5, 6, "The authentication exchange line is too long")
    static let bareLineFeed = never(500, 5, 2, "A line ends in CR LF, not in LF alone (with nc, use -C)")
    static let noRoomForSize = never(552, 3, 4, "The chunk would make the message larger than allowed")
    static let notThisEarly = never(554, 5, 0, "Synchronization error: you talked before it was your turn")
    static let alreadyAuthenticated = never(503, 5, 1, "You have authenticated already")
    static let noSuchMechanism = never(504, 5, 4, "That mechanism is not offered")
    static let mechanismTooWeak = never(534, 7, 9, "That mechanism protects the password too little")
    static let authenticationRequired = never(530, 7, 0, "Authenticate first")
    static let encryptionAndAuthentication = never(530, 7, 0, "Use STARTTLS, then authenticate")
    static let encryptionFirst = never(538, 7, 11, "Use STARTTLS first")
    static let notBase64 = never(501, 5, 2, "The answer is not base64")
    static let cancelled = never(501, 7, 0, "Authentication cancelled")
    static let notInTransaction = never(503, 5, 1, "Not within a transaction")

    static let authenticateFirst = never(530, 7, 0, "Authenticate first")
    static let mayNotSpeakForOthers = never(550, 7, 0, "You may not speak for others")
    static let takesNoMail = never(502, 5, 1, "No mail is taken here: this is for ATRN")

    static func notOffered(_ verb: SMTPVerb) -> SMTPReply { never(502, 5, 1, "\(verb.rawValue) is not offered here") }
    static func noSuchParameter(_ verb: SMTPVerb) -> SMTPReply {
        never(504, 5, 4, "\(verb.rawValue) has no such parameter")
    }
    static func tooLarge(_ limit: UInt64) -> SMTPReply { never(552, 3, 4, "A message has at most \(limit) octets") }

    static func tooManyRecipients(_ limit: Int) -> SMTPReply {
        later(452, 5, 3, "A message has at most \(limit) recipients; send the rest another")
    }

    static func tooManyErrors(_ hostname: String) -> SMTPReply {
        later(421, 7, 0, "\(hostname) Too many errors; goodbye")
    }
    static func tooManyCommands(_ hostname: String) -> SMTPReply {
        later(421, 7, 0, "\(hostname) Too many commands and no message; goodbye")
    }
    static func notSMTP(_ hostname: String) -> SMTPReply { later(421, 5, 2, "\(hostname) That is not SMTP; goodbye") }
    static func shuttingDown(_ hostname: String) -> SMTPReply { later(421, 3, 2, "\(hostname) Shutting down; goodbye") }
    static func timedOut(_ hostname: String) -> SMTPReply { later(421, 4, 2, "\(hostname) I waited too long; goodbye") }
}
