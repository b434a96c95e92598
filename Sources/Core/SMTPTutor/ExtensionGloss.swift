/// What a server says of itself in its reply to EHLO, in a few words.
package enum ExtensionGloss {
    /// - Parameter line: a keyword with its parameters, or a keyword alone.
    /// - Returns: nil for what is not known here.
    package static func text(of line: String) -> String? {
        let words = line.split(separator: " ").map(String.init)
        guard let keyword = words.first?.uppercased() else { return nil }
        switch keyword {
        case "SIZE": return size(words.dropFirst().first)
        case "AUTH": return "ways to prove who you are" + (words.count > 1 ? "" : " (none without encryption)")
        case "LIMITS": return "how much it takes at once (RFC 9422)"
        default: return plain[keyword]
        }
    }

    private static func size(_ parameter: String?) -> String {
        guard let octets = parameter.flatMap({ UInt64($0) }), octets > 0 else {
            return "you may say how big a message is before you send it"
        }
        let megabytes = octets / 1_000_000
        return "the biggest message it takes: \(megabytes > 0 ? "\(megabytes) MB" : "\(octets) octets")"
    }

    private static let plain: [String: String] = [
        "PIPELINING": "several commands may be sent without waiting",
        "8BITMIME": "text may hold octets beyond ASCII",
        "SMTPUTF8": "addresses may hold characters beyond ASCII",
        "STARTTLS": "the connection can be encrypted from here on",
        "CHUNKING": "a message may come in counted pieces, with BDAT",
        "BINARYMIME": "a message may be any octets, with BDAT",
        "ENHANCEDSTATUSCODES": "replies bear a second, more exact code",
        "DSN": "you may say which reports you want",
        "HELP": "it answers HELP",
        "VRFY": "it answers VRFY",
        "EXPN": "it answers EXPN",
        "SEND": "a message may be shown on a user's terminal, instead of the mailbox",
        "SOML": "a message may be shown on a user's terminal, or else put in the mailbox",
        "SAML": "a message may be shown on a user's terminal, and put in the mailbox",
        "TURN": "client and server may change their roles (RFC 821)",
        "ATRN": "whoever has proved to be a domain may fetch its mail over this connection",
        "ETRN": "it can be asked to send what it keeps for a domain",
        "DELIVERBY": "a message may have a time limit",
        "FUTURERELEASE": "a message may be kept back until a time",
        "MT-PRIORITY": "messages may have a priority",
        "REQUIRETLS": "a message may demand encryption on its whole way",
        "XCLIENT": "a proxy may say who is behind it",
        "XFORWARD": "a filter may say where a message came from",
    ]
}
