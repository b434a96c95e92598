/// The reply codes of SMTP and its extensions.
enum ReplyCodeTable {
    struct Row {
        let code: Int
        let title: String
        let meaning: String
        let party: CodeExplanation.Party
        let source: String
        let causes: String?

        init(
            _ code: Int, _ title: String, _ meaning: String, _ party: CodeExplanation.Party, _ source: String,
            causes: String? = nil
        ) {
            self.code = code
            self.title = title
            self.meaning = meaning
            self.party = party
            self.source = source
            self.causes = causes
        }
    }

    static let rows = positive + temporary + permanent

    private static let reply = "RFC 5321 §4.2.3"

    private static let positive = [
        Row(211, "System status, or system help reply", "The answer to a question about the server.", .nobody, reply),
        Row(214, "Help message", "The answer to HELP, for a person to read.", .nobody, reply),
        Row(220, "Service ready", "The server greets, or is ready for TLS after STARTTLS.", .nobody, reply),
        Row(221, "Service closing transmission channel", "Goodbye: the answer to QUIT.", .nobody, reply),
        Row(235, "Authentication succeeded", "The server knows now who the client is.", .nobody, "RFC 4954 §6"),
        Row(
            250, "Requested mail action okay, completed",
            "Done. After the message itself it means that the server has it and answers for it.", .nobody, reply),
        Row(
            251, "User not local; will forward",
            "The address has moved; the server takes the message and sends it on to the new one.", .nobody, reply),
        Row(
            252, "Cannot VRFY user, but will accept message and attempt delivery",
            "The server does not tell whether the address exists, and takes mail for it.", .nobody, reply),
        Row(
            334, "Server challenge", "The server waits for the next step of the authentication.", .nobody,
            "RFC 4954 §4"),
        Row(
            354, "Start mail input", "The server waits for the message, which a line of a single dot ends.", .nobody,
            reply),
    ]

    private static let temporary = [
        Row(
            421, "Service not available, closing transmission channel",
            "The server ends the connection; the message is tried again later, by itself.", .nobody, reply,
            causes: "the server is being stopped, is overloaded, or allows no more connections from this address"),
        Row(
            432, "A password transition is needed",
            "The user has to sign in once with a password of the old kind, so that the server can convert it.",
            .author, "RFC 4954 §6"),
        Row(
            450, "Requested mail action not taken: mailbox unavailable",
            "The mailbox cannot take the message now. The sending server tries again by itself.", .nobody, reply,
            causes: "the mailbox is in use or blocked for now, or the server defers senders that it does not know yet"),
        Row(
            451, "Requested action aborted: local error in processing",
            "The server could not do it now. The sending server tries again by itself.", .nobody, reply,
            causes: "greylisting, a name server that did not answer, or a fault within the server"),
        Row(
            452, "Requested action not taken: insufficient system storage",
            "There is no room now, or there are too many recipients for one message.", .receivingSide, reply,
            causes: "a full disk or mailbox; with status 4.5.3 the rest of the recipients is sent in a second message"),
        Row(
            454, "Temporary authentication failure, or TLS not available for now",
            "Signing in, or encrypting, does not work now, for a reason on the server's side.", .receivingSide,
            "RFC 4954 §6, RFC 3207 §4"),
        Row(
            455, "Server unable to accommodate parameters",
            "The server cannot fulfil now what a parameter of MAIL or RCPT asks for.", .nobody, reply),
        Row(
            458, "Unable to queue messages for node", "The queue that ETRN asked for cannot be started now.",
            .receivingSide, "RFC 1985"),
        Row(
            459, "Node not allowed", "The client may not start the queue that ETRN named.", .sendingSide,
            "RFC 1985"),
    ]

    private static let permanent = [
        Row(
            500, "Syntax error, command unrecognized", "The server does not know the command, or the line is too long.",
            .sendingSide, reply),
        Row(
            501, "Syntax error in parameters or arguments", "The command is known, but not what stands behind it.",
            .sendingSide, reply, causes: "an address without angle brackets, or with characters that are not allowed"),
        Row(
            502, "Command not implemented", "The server knows the command, and does not do it.", .sendingSide, reply),
        Row(
            503, "Bad sequence of commands", "The command is right, but not now.", .sendingSide, reply,
            causes: "RCPT before MAIL, DATA without a recipient, or MAIL before EHLO"),
        Row(
            504, "Command parameter not implemented", "The server does not do what the parameter asks for.",
            .sendingSide, reply),
        Row(
            521, "Host does not accept mail", "No mail for anybody is taken at this host.", .author, "RFC 7504",
            causes: "the address names a host that only sends, or no longer is a mail server"),
        Row(
            523, "Encryption needed", "The server wants TLS for this.", .sendingSide, "RFC 5248"),
        Row(
            524, "Encryption required for requested authentication mechanism",
            "The password would travel in clear; the client must use TLS first.", .sendingSide,
            "RFC 5248"),
        Row(
            525, "User account disabled", "The account exists, and may not be used.", .receivingSide,
            "RFC 5248"),
        Row(
            530, "Authentication required", "The server takes nothing before the client signs in, or uses TLS.",
            .sendingSide, "RFC 4954 §6, RFC 3207 §4", causes: "user name and password are not set, or TLS is off"),
        Row(
            534, "Authentication mechanism is too weak", "The server wants a stronger way to sign in.", .sendingSide,
            "RFC 4954 §6"),
        Row(
            535, "Authentication credentials invalid", "The user name or the password is wrong.", .author,
            "RFC 4954 §6",
            causes: "a typing error, a password that changed, or a provider that wants a password for this program"),
        Row(
            538, "Encryption required for requested authentication mechanism",
            "The password would travel in clear; the client must use TLS first.", .sendingSide, "RFC 4954 §6"),
        Row(
            541, "Recipient address rejected",
            "The message was refused for its content or its origin. No standard defines the code; some filters use it.",
            .sendingSide, "in use, not registered"),
        Row(
            550, "Requested action not taken: mailbox unavailable",
            "There is no such mailbox, or the server does not take this message for it.", .author, reply,
            causes: "a typing error in the address, an account that is closed, or a rule of the server"),
        Row(
            551, "User not local", "The address has moved; the text says where to, and the author sends it there.",
            .author, reply),
        Row(
            552, "Requested mail action aborted: exceeded storage allocation",
            "The message is too large, or the mailbox is full.", .author, reply),
        Row(
            553, "Requested action not taken: mailbox name not allowed",
            "The address is not written as the server allows, or the client may not use it as a sender.", .author,
            reply, causes: "an address without a domain, or a sender that is not the signed-in user's"),
        Row(
            554, "Transaction failed", "The server does not take the message, or, as a greeting, no mail at all.",
            .sendingSide, reply, causes: "a block list, a filter, or no recipient that was accepted"),
        Row(
            555, "MAIL FROM/RCPT TO parameters not recognized or not implemented",
            "The client used an extension that the server does not have.", .sendingSide, reply),
        Row(
            556, "Domain does not accept mail",
            "The domain says in the DNS that it takes no mail (null MX).", .author, "RFC 7504, RFC 7505",
            causes: "a typing error in the domain, or a domain that only sends"),
    ]
}
