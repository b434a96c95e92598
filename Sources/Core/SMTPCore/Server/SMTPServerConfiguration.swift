public import MailCore

/// What a server machine speaks, offers and bears.
public struct SMTPServerConfiguration: Hashable, Sendable {
    /// The protocol that is spoken.
    public enum Kind: Hashable, Sendable {
        /// RFC 5321.
        case smtp
        /// RFC 2033: LHLO, and one reply for each recipient.
        case lmtp
    }

    /// What becomes of a line of content that ends in an LF alone.
    public enum BareLineFeeds: Hashable, Sendable {
        /// The message is refused (550 5.6.0).
        case refuse
        /// It becomes CRLF.
        case convert
    }

    /// The name in the greeting and in the answer to EHLO.
    public var hostname: String
    public var kind: Kind
    public var bareLineFeeds: BareLineFeeds
    /// Whether a peer that sends before it may is turned away.
    public var refusesEarlyTalkers: Bool
    /// Whether STARTTLS is offered, until it was used.
    public var offersTLS: Bool
    /// SASL mechanisms that AUTH offers, in capitals.
    public var mechanisms: [String]
    /// Whether the mechanisms may be used without TLS.
    public var authenticatesInClear: Bool
    /// Whether only who has authenticated may send (RFC 6409 §4.3).
    public var requiresAuthentication: Bool
    /// The domain of addresses in MAIL and RCPT that have none (RFC 6409 §8.3); nil where these are refused.
    public var defaultDomain: Domain?
    /// Whether BODY=BINARYMIME is offered (RFC 3030).
    public var offersBinary: Bool
    /// Whether the session is for ATRN, and takes no mail (RFC 2645 §4).
    public var isOnDemandRelay: Bool
    public var limits: SMTPServerLimits

    public init(hostname: String, kind: Kind = .smtp, limits: SMTPServerLimits = .init()) {
        self.hostname = hostname
        self.kind = kind
        self.limits = limits
        bareLineFeeds = .refuse
        refusesEarlyTalkers = true
        offersTLS = false
        mechanisms = []
        authenticatesInClear = false
        requiresAuthentication = false
        offersBinary = false
        isOnDemandRelay = false
    }
}

/// What a peer may do to one session at most.
public struct SMTPServerLimits: Hashable, Sendable {
    public var content: ContentLimits
    /// Octets of a command line with its CRLF.
    public var commandLine: Int
    /// Octets of a line within AUTH (RFC 4954 §4).
    public var authenticationLine: Int
    /// Accepted recipients of one transaction.
    public var recipients: Int
    /// Commands that are answered negatively, recipients aside, before the session is ended.
    public var errors: Int
    /// Lines that are too long before the session is ended.
    public var longLines: Int
    /// Commands without a message coming of them before the session is ended.
    public var idleCommands: Int

    public init(
        content: ContentLimits = .init(), commandLine: Int = 2_048, authenticationLine: Int = 12_288,
        recipients: Int = 1_000, errors: Int = 20, longLines: Int = 3, idleCommands: Int = 100
    ) {
        self.content = content
        self.commandLine = commandLine
        self.authenticationLine = authenticationLine
        self.recipients = recipients
        self.errors = errors
        self.longLines = longLines
        self.idleCommands = idleCommands
    }
}
