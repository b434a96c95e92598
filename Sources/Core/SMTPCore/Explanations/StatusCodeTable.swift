import MailCore

/// The enhanced status codes of the registry (RFC 5248 §2.2), whatever their class.
enum StatusCodeTable {
    struct Row {
        let subject: Int
        let detail: Int
        let title: String
        let meaning: String
        let party: CodeExplanation.Party
        let source: String
        private let temporary: String?
        private let permanent: String?

        init(
            _ subject: Int, _ detail: Int, _ title: String, _ meaning: String, _ party: CodeExplanation.Party,
            _ source: String, temporary: String? = nil, permanent: String? = nil
        ) {
            (self.subject, self.detail, self.title, self.meaning) = (subject, detail, title, meaning)
            (self.party, self.source, self.temporary, self.permanent) = (party, source, temporary, permanent)
        }

        /// What is mostly behind it.
        func causes(_ class: EnhancedStatusCode.Class) -> String? {
            switch `class` {
            case .success: nil
            case .persistentTransientFailure: temporary
            case .permanentFailure: permanent
            }
        }
    }

    static let rows = other + addressing + mailbox + system + network + transfer + content + security

    private static let other = [
        Row(
            0, 0, "Other undefined status", "The code says no more than its first number does.", .sendingSide,
            "RFC 3463 §3.1")
    ]

    private static let addressing = [
        Row(
            1, 0, "Other address status", "Something about the address is wrong, and no other code says what.",
            .author, "RFC 3463 §3.2"),
        Row(
            1, 1, "Bad destination mailbox address", "There is no such mailbox at this domain.", .author,
            "RFC 3463 §3.2", permanent: "a typing error before the @, or an account that was closed"),
        Row(
            1, 2, "Bad destination system address", "The domain does not exist, or takes no mail.", .author,
            "RFC 3463 §3.2", temporary: "the domain's name servers do not answer",
            permanent: "a typing error behind the @"),
        Row(
            1, 3, "Bad destination mailbox address syntax", "The address is not written as an address is.", .author,
            "RFC 3463 §3.2"),
        Row(
            1, 4, "Destination mailbox address ambiguous", "The address fits more than one mailbox.", .author,
            "RFC 3463 §3.2"),
        Row(1, 5, "Destination address valid", "The recipient was accepted.", .nobody, "RFC 3463 §3.2"),
        Row(
            1, 6, "Destination mailbox has moved, no forwarding address",
            "The mailbox was there once, and nobody knows where its mail should go now.", .author, "RFC 3463 §3.2"),
        Row(
            1, 7, "Bad sender's mailbox address syntax", "The sender's address is not written as an address is.",
            .sendingSide, "RFC 3463 §3.2"),
        Row(
            1, 8, "Bad sender's system address", "The sender's domain does not exist, or takes no answers.",
            .sendingSide, "RFC 3463 §3.2", temporary: "the sender's name servers do not answer",
            permanent: "a sender domain without an MX or address record"),
        Row(
            1, 9, "Message relayed to non-compliant mailer",
            "The message went on to a system that tells nothing of its fate.", .nobody, "RFC 3886"),
        Row(
            1, 10, "Recipient address has null MX", "The recipient's domain says in the DNS that it takes no mail.",
            .author, "RFC 7505", permanent: "a typing error behind the @, or a domain that only sends"),
    ]

    private static let mailbox = [
        Row(
            2, 0, "Other or undefined mailbox status", "The mailbox is there, and something about it is wrong.",
            .recipient, "RFC 3463 §3.3"),
        Row(
            2, 1, "Mailbox disabled, not accepting messages", "The mailbox is there, and takes no mail.",
            .recipient, "RFC 3463 §3.3", permanent: "an account that is suspended, or long unused"),
        Row(2, 2, "Mailbox full", "The mailbox has no room left.", .recipient, "RFC 3463 §3.3"),
        Row(
            2, 3, "Message length exceeds administrative limit", "The message is larger than the mailbox takes.",
            .author, "RFC 3463 §3.3"),
        Row(
            2, 4, "Mailing list expansion problem", "The address is a list, and the list cannot be read.",
            .receivingSide, "RFC 3463 §3.3"),
    ]

    private static let system = [
        Row(
            3, 0, "Other or undefined mail system status", "Something is wrong at the receiving server.",
            .receivingSide, "RFC 3463 §3.4"),
        Row(3, 1, "Mail system full", "The receiving server has no room left.", .receivingSide, "RFC 3463 §3.4"),
        Row(
            3, 2, "System not accepting network messages", "The receiving server takes no mail now.",
            .receivingSide, "RFC 3463 §3.4", temporary: "a server that is being stopped, or is overloaded"),
        Row(
            3, 3, "System not capable of selected features",
            "The receiving server cannot do what the message needs.", .sendingSide, "RFC 3463 §3.4"),
        Row(
            3, 4, "Message too big for system", "The message is larger than the server takes from anybody.",
            .author, "RFC 3463 §3.4"),
        Row(
            3, 5, "System incorrectly configured", "The receiving server is set up wrongly.", .receivingSide,
            "RFC 3463 §3.4", permanent: "mail for the domain goes round between two servers"),
        Row(
            3, 6, "Requested priority was changed",
            "The message was taken, with another priority than it asked for.", .nobody, "RFC 6710"),
    ]

    private static let network = [
        Row(
            4, 0, "Other or undefined network or routing status", "Something on the way to the server is wrong.",
            .sendingSide, "RFC 3463 §3.5"),
        Row(
            4, 1, "No answer from host", "The next server could not be connected to.", .receivingSide,
            "RFC 3463 §3.5", temporary: "a server that is down, or a firewall",
            permanent: "a server that was down for too long"),
        Row(4, 2, "Bad connection", "The connection broke in the middle.", .receivingSide, "RFC 3463 §3.5"),
        Row(
            4, 3, "Directory server failure", "A name server or another directory did not answer.", .receivingSide,
            "RFC 3463 §3.5"),
        Row(
            4, 4, "Unable to route", "There is no way to the recipient's domain.", .receivingSide, "RFC 3463 §3.5",
            permanent: "no MX and no address record for the domain"),
        Row(4, 5, "Mail system congestion", "The server has too much to do.", .receivingSide, "RFC 3463 §3.5"),
        Row(
            4, 6, "Routing loop detected", "The message came by the same server again and again.", .receivingSide,
            "RFC 3463 §3.5", permanent: "two servers, or two forwarding addresses, that send to each other"),
        Row(
            4, 7, "Delivery time expired", "The message was tried for as long as the sending server tries.",
            .receivingSide, "RFC 3463 §3.5",
            permanent: "the trouble that deferred it before; the log of the sending server names it"),
    ]

    private static let transfer = [
        Row(
            5, 0, "Other or undefined protocol status", "The dialogue between the two servers went wrong.",
            .sendingSide, "RFC 3463 §3.6"),
        Row(5, 1, "Invalid command", "The command is unknown, or not allowed now.", .sendingSide, "RFC 3463 §3.6"),
        Row(5, 2, "Syntax error", "The command could not be read.", .sendingSide, "RFC 3463 §3.6"),
        Row(
            5, 3, "Too many recipients", "The message names more recipients than the server takes at once.",
            .sendingSide, "RFC 3463 §3.6", temporary: "none: the rest of the recipients is sent in a second message"),
        Row(
            5, 4, "Invalid command arguments", "The command was understood, but not what stands behind it.",
            .sendingSide, "RFC 3463 §3.6"),
        Row(
            5, 5, "Wrong protocol version", "The two servers speak different versions of a protocol.", .sendingSide,
            "RFC 3463 §3.6"),
        Row(
            5, 6, "Authentication exchange line is too long",
            "A line of the authentication is longer than allowed.", .sendingSide, "RFC 4954 §6"),
    ]

    private static let content = [
        Row(6, 0, "Other or undefined media error", "Something about the content is wrong.", .author, "RFC 3463 §3.7"),
        Row(6, 1, "Media not supported", "The server does not take content of this kind.", .author, "RFC 3463 §3.7"),
        Row(
            6, 2, "Conversion required and prohibited", "The content had to be converted, and may not be.",
            .sendingSide, "RFC 3463 §3.7"),
        Row(
            6, 3, "Conversion required but not supported",
            "The content had to be converted, and the server cannot do that.", .sendingSide, "RFC 3463 §3.7",
            permanent: "a message of 8 bits for a server that takes 7"),
        Row(
            6, 4, "Conversion with loss performed", "The content was converted, and something of it is lost.",
            .nobody, "RFC 3463 §3.7"),
        Row(6, 5, "Conversion failed", "The content was to be converted, which failed.", .sendingSide, "RFC 3463 §3.7"),
        Row(
            6, 6, "Message content not available", "The content that a BURL command named cannot be fetched.",
            .sendingSide, "RFC 4468"),
        Row(
            6, 7, "Non-ASCII addresses not permitted for that sender/recipient",
            "An address has characters beyond ASCII, and the server takes none.", .author, "RFC 6531"),
        Row(
            6, 8, "UTF-8 string reply is required, but not permitted by the client",
            "The server can only answer in UTF-8, which the client did not allow.", .sendingSide, "RFC 6531"),
        Row(
            6, 9, "UTF-8 header message cannot be transferred to one or more recipients",
            "The header has characters beyond ASCII, and a recipient's server takes none.", .author, "RFC 6531"),
        Row(
            6, 10, "UTF-8 string reply is required, but not permitted by the client",
            "An old double of X.6.8, no longer to be used.", .sendingSide, "RFC 6531"),
    ]

    private static let security = [
        Row(
            7, 0, "Other or undefined security status",
            "Refused for a reason of security that the server does not name.", .sendingSide, "RFC 3463 §3.8"),
        Row(
            7, 1, "Delivery not authorized, message refused", "The server's rules do not allow this message.",
            .sendingSide, "RFC 3463 §3.8",
            temporary: "greylisting: the server asks unknown senders to come again after some minutes",
            permanent: "relaying that is not allowed, a block list, or a filter that takes the message for spam"),
        Row(
            7, 2, "Mailing list expansion prohibited", "The sender may not write to this list.", .author,
            "RFC 3463 §3.8"),
        Row(
            7, 3, "Security conversion required but not possible",
            "The message had to change from one secure form to another, which is impossible.", .sendingSide,
            "RFC 3463 §3.8"),
        Row(
            7, 4, "Security features not supported", "The server does not have the protection that was asked for.",
            .sendingSide, "RFC 3463 §3.8"),
        Row(
            7, 5, "Cryptographic failure", "Something encrypted or signed could not be read or checked.",
            .sendingSide, "RFC 3463 §3.8"),
        Row(
            7, 6, "Cryptographic algorithm not supported", "The server does not know the algorithm.", .sendingSide,
            "RFC 3463 §3.8"),
        Row(
            7, 7, "Message integrity failure", "The message is not what was signed.", .sendingSide, "RFC 3463 §3.8",
            permanent: "a server on the way that changed it"),
        Row(
            7, 8, "Authentication credentials invalid", "The user name or the password is wrong.", .author,
            "RFC 4954 §6"),
        Row(
            7, 9, "Authentication mechanism is too weak", "The server wants a stronger way to sign in.",
            .sendingSide, "RFC 4954 §6"),
        Row(7, 10, "Encryption needed", "The server takes this only over TLS.", .sendingSide, "RFC 5248"),
        Row(
            7, 11, "Encryption required for requested authentication mechanism",
            "The password would travel in clear; use TLS first.", .sendingSide, "RFC 4954 §6"),
        Row(
            7, 12, "A password transition is needed",
            "The user has to sign in once with a password of the old kind.", .author, "RFC 4954 §6"),
        Row(7, 13, "User account disabled", "The account exists, and may not be used.", .receivingSide, "RFC 5248"),
        Row(
            7, 14, "Trust relationship required", "The server takes this only from servers that it knows.",
            .sendingSide, "RFC 5248"),
        Row(
            7, 15, "Priority level is too low", "Only messages of a higher priority are taken now.", .nobody,
            "RFC 6710"),
        Row(
            7, 16, "Message is too big for the specified priority", "The message is too large for its priority.",
            .author, "RFC 6710"),
        Row(
            7, 17, "Mailbox owner has changed",
            "The mailbox has another owner than at the time that the message names.", .author, "RFC 7293"),
        Row(
            7, 18, "Domain owner has changed",
            "The domain has another owner than at the time that the message names.", .author, "RFC 7293"),
        Row(
            7, 19, "RRVS test cannot be completed",
            "The server cannot tell whether the mailbox still has the same owner.", .receivingSide, "RFC 7293"),
        Row(
            7, 20, "No passing DKIM signature found", "The message has no DKIM signature that checks out.",
            .sendingSide, "RFC 7372 §3.1", temporary: "a signing key that could not be fetched",
            permanent: "signing that is not set up, or a message changed on the way"),
        Row(
            7, 21, "No acceptable DKIM signature found",
            "There are DKIM signatures, and none that the server accepts.", .sendingSide, "RFC 7372 §3.1"),
        Row(
            7, 22, "No valid author-matched DKIM signature found",
            "No DKIM signature is of the author's own domain.", .sendingSide, "RFC 7372 §3.1"),
        Row(
            7, 23, "SPF validation failed", "The sender's domain does not allow this server to send for it.",
            .sendingSide, "RFC 7372 §3.2",
            permanent: "an SPF record that lacks the server, or a message that was forwarded"),
        Row(
            7, 24, "SPF validation error", "The SPF record could not be read.", .sendingSide, "RFC 7372 §3.2",
            permanent: "a syntax error in the record, or more than ten look-ups"),
        Row(
            7, 25, "Reverse DNS validation failed",
            "The sending server's address has no name, or one that does not lead back to it.", .sendingSide,
            "RFC 7372 §3.3"),
        Row(
            7, 26, "Multiple authentication checks failed", "Several of SPF, DKIM and their like failed.",
            .sendingSide, "RFC 7372 §3.4"),
        Row(
            7, 27, "Sender address has null MX", "The sender's domain takes no mail, so that nobody could answer.",
            .sendingSide, "RFC 7505"),
        Row(
            7, 28, "Mail flood detected", "More messages came in a short time than the server takes.", .sendingSide,
            "the IANA registry of RFC 5248"),
        Row(
            7, 29, "ARC validation failure", "The ARC chain of a forwarded message does not check out.",
            .sendingSide, "RFC 8617"),
        Row(
            7, 30, "REQUIRETLS support required",
            "The message may only travel over TLS, and the next server does not promise that.", .sendingSide,
            "RFC 8689"),
    ]
}
