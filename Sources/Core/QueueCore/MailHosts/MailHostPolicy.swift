public import MailCore

/// Which hosts may be chosen, and with how much effort they are looked for.
public struct MailHostPolicy: Hashable, Sendable {
    /// The names under which we ourselves take mail, in lower case.
    public var ownNames: Set<String>
    /// Where we ourselves take mail.
    public var ownNetworks: [IPNetwork]
    /// Networks that may be used though they are not part of the public Internet.
    public var allowedNetworks: [IPNetwork]
    /// The most addresses that are given for one domain.
    public var addresses: Int
    /// The most questions that are asked for one domain, that for MX included.
    public var questions: Int

    public init(
        ownNames: Set<String> = [], ownNetworks: [IPNetwork] = [], allowedNetworks: [IPNetwork] = [],
        addresses: Int = 5, questions: Int = 40
    ) {
        self.ownNames = ownNames
        self.ownNetworks = ownNetworks
        self.allowedNetworks = allowedNetworks
        self.addresses = addresses
        self.questions = questions
    }

    func isOurs(_ address: IPAddress) -> Bool { ownNetworks.contains { $0.contains(address) } }

    /// Whether mail may be brought to an address that strangers named in DNS. Such a name must not make us talk to our
    /// own machine or to machines behind a firewall.
    func mayUse(_ address: IPAddress) -> Bool {
        !address.isSpecialPurpose || allowedNetworks.contains { $0.contains(address) }
    }
}
