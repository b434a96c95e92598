public import MailCore
public import MailDirectory

/// What reception decides by. It never changes under a session: whoever begins with one set ends with it.
public struct ReceptionSettings: Sendable {
    /// What becomes of mail for other systems that a trusted peer hands in.
    public enum ForeignMail: Hashable, Sendable {
        /// Taken into the queue.
        case take
        /// Taken unless DNS says that the domain takes no mail, or that there is none.
        case takeIfInDNS
        /// Refused with this status and text.
        case refuse(EnhancedStatusCode, text: String)
    }

    /// Our name in Received fields.
    public var hostname: String
    public var directory: AddressDirectory
    /// Who may relay.
    public var trustedNetworks: [IPNetwork]
    public var commands = CommandPolicy()
    /// By the domain of the recipient; nil stands for an address literal.
    public var foreignMail: @Sendable (Domain?) -> ForeignMail
    /// Unknown recipients a stranger may name before the session is ended.
    public var unknownRecipients: Int
    /// Those who see sessions and messages besides, in this order.
    public var filters: [FilterSettings] = []
    /// Octets that a body may have which a filter puts in place of another.
    public var largestMessage: UInt64 = 50 * 1_024 * 1_024
    /// How long a stranger waits for the answer to an unknown recipient, from the second one on.
    public var unknownRecipientPause: Duration

    public init(
        hostname: String, directory: AddressDirectory, trustedNetworks: [IPNetwork] = [],
        foreignMail: @escaping @Sendable (Domain?) -> ForeignMail = { _ in .take }, unknownRecipients: Int = 10,
        unknownRecipientPause: Duration = .seconds(1)
    ) {
        self.hostname = hostname
        self.directory = directory
        self.trustedNetworks = trustedNetworks
        self.foreignMail = foreignMail
        self.unknownRecipients = unknownRecipients
        self.unknownRecipientPause = unknownRecipientPause
    }

    /// Whether a peer may relay. One that comes by a UNIX socket has passed the file system's permissions.
    public func isTrusted(_ address: IPAddress?) -> Bool {
        guard let address else { return true }
        return trustedNetworks.contains { $0.contains(address) }
    }
}
