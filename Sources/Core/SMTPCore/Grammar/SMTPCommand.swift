public import MailCore

/// One command, read and checked for syntax; whether it fits the session is not decided yet.
public enum SMTPCommand: Hashable, Sendable {
    case hello(HelloCommand)
    case mail(MailCommand)
    case recipient(RecipientCommand)
    case data
    case chunk(ChunkCommand)
    case reset
    case noop
    case quit
    case help(topic: String?)
    case verify(AddressQuery)
    case expand(AddressQuery)
    case turn
    case etrn(QueueRequest)
    /// The domains whose mail is asked for; none means all that are allowed.
    case atrn([Domain])
    case authenticate(AuthenticateCommand)
    case startTLS
    case clientAttributes(ClientAttributes)
}

/// HELO, EHLO or LHLO: who the peer says it is.
public struct HelloCommand: Hashable, Sendable {
    public enum Verb: Hashable, Sendable {
        case helo, ehlo, lhlo
    }

    public let verb: Verb
    /// The name as given; a domain, an address literal, or what a careless client sends instead (RFC 5321 §4.1.4 wants no
    /// refusal for that). Printable, at most 255 octets.
    public let name: String

    public init(verb: Verb, name: String) {
        self.verb = verb
        self.name = name
    }
}

/// MAIL, or one of its three relatives that write to terminals.
public struct MailCommand: Hashable, Sendable {
    public enum Verb: Hashable, Sendable {
        case mail, send, soml, saml
    }

    public let verb: Verb
    public let reversePath: ReversePath
    public let parameters: MailParameters

    public init(verb: Verb = .mail, reversePath: ReversePath, parameters: MailParameters = .init()) {
        self.verb = verb
        self.reversePath = reversePath
        self.parameters = parameters
    }
}

/// What MAIL may say behind the reverse path.
public struct MailParameters: Hashable, Sendable {
    /// SIZE in octets (RFC 1870); a number beyond 64 bits is the largest one.
    public var size: UInt64?
    /// BODY (RFC 6152, RFC 3030).
    public var body: EnvelopeOptions.Body?
    /// SMTPUTF8 (RFC 6531).
    public var smtputf8 = false
    /// RET (RFC 3461 §4.3).
    public var `return`: EnvelopeOptions.Return?
    /// ENVID, decoded (RFC 3461 §4.4).
    public var envelopeID: String?
    /// AUTH, decoded: the identity that submitted the message, or `<>` (RFC 4954 §5).
    public var submitter: String?
    /// REQUIRETLS (RFC 8689 §2).
    public var requireTLS = false

    public init() {}

    /// Whether nothing was said.
    public var isEmpty: Bool { self == MailParameters() }
}

/// RCPT: one forward path.
public struct RecipientCommand: Hashable, Sendable {
    public let forwardPath: ForwardPath
    /// NOTIFY (RFC 3461 §4.1).
    public let notify: NotifyConditions?
    /// ORCPT, decoded (RFC 3461 §4.2).
    public let original: OriginalRecipient?

    public init(forwardPath: ForwardPath, notify: NotifyConditions? = nil, original: OriginalRecipient? = nil) {
        self.forwardPath = forwardPath
        self.notify = notify
        self.original = original
    }
}

/// Whom RCPT names. A source route in front of the mailbox is read and forgotten (RFC 5321 §3.3).
public enum ForwardPath: Hashable, Sendable, CustomStringConvertible {
    case mailbox(EmailAddress)
    /// `<Postmaster>` without a domain (RFC 5321 §4.5.1).
    case postmaster

    public var description: String {
        switch self {
        case .mailbox(let address): "<\(address)>"
        case .postmaster: "<Postmaster>"
        }
    }
}

/// BDAT: the next octets are content.
public struct ChunkCommand: Hashable, Sendable {
    public let size: UInt64
    public let isLast: Bool

    public init(size: UInt64, isLast: Bool) {
        self.size = size
        self.isLast = isLast
    }
}

/// What VRFY and EXPN ask for: a user name, a list, or a mailbox, without angle brackets.
public struct AddressQuery: Hashable, Sendable {
    public let text: String
    /// Whether the answer may hold UTF-8 (RFC 6531 §3.7.4.2).
    public let smtputf8: Bool
    /// Whether something else stands behind it.
    public let hasUnknownParameter: Bool

    public init(text: String, smtputf8: Bool = false, hasUnknownParameter: Bool = false) {
        self.text = text
        self.smtputf8 = smtputf8
        self.hasUnknownParameter = hasUnknownParameter
    }
}

/// ETRN's argument (RFC 1985 §5.1).
public enum QueueRequest: Hashable, Sendable, CustomStringConvertible {
    case domain(Domain)
    /// `@domain`: the domain and all below it.
    case domainAndBelow(Domain)
    /// `#name`: a queue by a name of the server's own.
    case queue(String)

    /// As it stands behind ETRN.
    public var description: String {
        switch self {
        case .domain(let domain): "\(domain)"
        case .domainAndBelow(let domain): "@\(domain)"
        case .queue(let name): "#\(name)"
        }
    }
}

/// TURN or ATRN: the client wants to be the server from here on.
public enum TurnRequest: Hashable, Sendable, CustomStringConvertible {
    /// RFC 821 §3.8.
    case turn
    /// The domains whose mail is asked for; none means all that are allowed (RFC 2645 §5.2).
    case atrn([Domain])

    /// The command as it is written.
    public var description: String {
        switch self {
        case .turn: "TURN"
        case .atrn(let domains) where domains.isEmpty: "ATRN"
        case .atrn(let domains): "ATRN " + domains.map(\.description).joined(separator: ",")
        }
    }
}

/// AUTH: a mechanism, and what the client sends at once.
public struct AuthenticateCommand: Hashable, Sendable {
    /// In capitals.
    public let mechanism: String
    /// The initial response as it stands on the wire, in base64 or `=`.
    public let initialResponse: String?

    public init(mechanism: String, initialResponse: String? = nil) {
        self.mechanism = mechanism
        self.initialResponse = initialResponse
    }
}
