/// What the sender said about a message outside of it: who gets the reports, who gets the message, and how it may
/// travel (RFC 5321 §2.3.1).
public struct Envelope: Hashable, Sendable {
    public var reversePath: ReversePath
    public var recipients: [EnvelopeRecipient]
    public var options: EnvelopeOptions
    /// The name under which the message was handed in, where it must not be taken in twice under that name; nil where
    /// the sender hears what became of it, as in SMTP.
    public var origin: String?
    /// Why nobody gets the message before a person has released it, empty where nobody says; nil where nothing is in its
    /// way.
    public var quarantine: String?

    public init(
        reversePath: ReversePath, recipients: [EnvelopeRecipient] = [], options: EnvelopeOptions = .init(),
        origin: String? = nil
    ) {
        self.reversePath = reversePath
        self.recipients = recipients
        self.options = options
        self.origin = origin
    }
}

/// What MAIL said besides the reverse path.
public struct EnvelopeOptions: Hashable, Sendable {
    /// The body as BODY declared it (RFC 1652, RFC 3030).
    public enum Body: String, Hashable, Sendable {
        case sevenBit = "7BIT"
        case eightBit = "8BITMIME"
        case binary = "BINARYMIME"
    }

    /// What a report brings back of the message: RET of RFC 3461 §4.3.
    public enum Return: String, Hashable, Sendable {
        case full = "FULL"
        case headers = "HDRS"
    }

    public var body: Body
    /// Whether addresses or header fields may hold UTF-8 (RFC 6531).
    public var smtputf8: Bool
    public var `return`: Return?
    /// ENVID of RFC 3461 §4.4, decoded from xtext.
    public var envelopeID: String?
    /// Whether the message may travel only over TLS, to servers that promise the same (RFC 8689).
    public var requireTLS: Bool

    public init(
        body: Body = .sevenBit, smtputf8: Bool = false, return: Return? = nil, envelopeID: String? = nil,
        requireTLS: Bool = false
    ) {
        self.body = body
        self.smtputf8 = smtputf8
        self.return = `return`
        self.envelopeID = envelopeID
        self.requireTLS = requireTLS
    }
}

/// One forward path of an envelope with what RCPT said about it.
public struct EnvelopeRecipient: Hashable, Sendable {
    public var address: EmailAddress
    /// NOTIFY of RFC 3461 §4.1; nil if the sender said nothing.
    public var notify: NotifyConditions?
    /// ORCPT of RFC 3461 §4.2, decoded from xtext.
    public var original: OriginalRecipient?

    public init(_ address: EmailAddress, notify: NotifyConditions? = nil, original: OriginalRecipient? = nil) {
        self.address = address
        self.notify = notify
        self.original = original
    }
}

/// When a sender wants to hear about a recipient. The empty set is NEVER.
public struct NotifyConditions: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let never: NotifyConditions = []
    public static let success = NotifyConditions(rawValue: 1)
    public static let failure = NotifyConditions(rawValue: 2)
    public static let delay = NotifyConditions(rawValue: 4)
}

/// The recipient as the first sender named it: an address type such as `rfc822` and the address.
public struct OriginalRecipient: Hashable, Sendable, CustomStringConvertible {
    public let addressType: String
    public let address: String

    public init(addressType: String, address: String) {
        self.addressType = addressType
        self.address = address
    }

    public var description: String { "\(addressType);\(address)" }
}
