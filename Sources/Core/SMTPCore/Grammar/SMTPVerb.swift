/// Every command word that is understood, whether it is offered or not.
public enum SMTPVerb: String, Sendable, CaseIterable {
    case helo = "HELO"
    case ehlo = "EHLO"
    case lhlo = "LHLO"
    case mail = "MAIL"
    case rcpt = "RCPT"
    case data = "DATA"
    case bdat = "BDAT"
    case rset = "RSET"
    case noop = "NOOP"
    case quit = "QUIT"
    case help = "HELP"
    case vrfy = "VRFY"
    case expn = "EXPN"
    case send = "SEND"
    case soml = "SOML"
    case saml = "SAML"
    case turn = "TURN"
    case etrn = "ETRN"
    case atrn = "ATRN"
    case auth = "AUTH"
    case starttls = "STARTTLS"
    case xclient = "XCLIENT"

    /// Reads a command word in any case.
    init?(_ word: ArraySlice<UInt8>) {
        guard (4...8).contains(word.count) else { return nil }
        self.init(rawValue: String(decoding: word.map { $0 & 0xDF }, as: UTF8.self))
    }

    /// How the command is written, and where that is laid down: what HELP answers.
    public var syntax: String {
        switch self {
        case .helo: "HELO domain (RFC 5321 4.1.1.1)"
        case .ehlo: "EHLO domain (RFC 5321 4.1.1.1)"
        case .lhlo: "LHLO domain (RFC 2033 4.1)"
        case .mail: "MAIL FROM:<reverse-path> [parameter ...] (RFC 5321 4.1.1.2)"
        case .rcpt: "RCPT TO:<forward-path> [parameter ...] (RFC 5321 4.1.1.3)"
        case .data: "DATA, then the message, ended by a line with a single dot (RFC 5321 4.1.1.4)"
        case .bdat: "BDAT octets [LAST], then as many octets (RFC 3030 2)"
        case .rset: "RSET (RFC 5321 4.1.1.5)"
        case .noop: "NOOP [string] (RFC 5321 4.1.1.9)"
        case .quit: "QUIT (RFC 5321 4.1.1.10)"
        case .help: "HELP [command or STATUS] (RFC 5321 4.1.1.8)"
        case .vrfy: "VRFY user or mailbox (RFC 5321 4.1.1.6)"
        case .expn: "EXPN mailing-list (RFC 5321 4.1.1.7)"
        case .send: "SEND FROM:<reverse-path> (RFC 821 3.4)"
        case .soml: "SOML FROM:<reverse-path> (RFC 821 3.4)"
        case .saml: "SAML FROM:<reverse-path> (RFC 821 3.4)"
        case .turn: "TURN (RFC 821 3.8)"
        case .etrn: "ETRN domain or @domain or #queue (RFC 1985)"
        case .atrn: "ATRN [domain[,domain ...]] (RFC 2645)"
        case .auth: "AUTH mechanism [initial-response] (RFC 4954 4)"
        case .starttls: "STARTTLS (RFC 3207 4)"
        case .xclient: "XCLIENT attribute=value ... (from hosts that the configuration names)"
        }
    }
}
