public import MailCore

/// All users, domains, aliases and lists of one configuration. It never changes: a reload makes another one, and
/// whoever works with this one finishes with it.
public struct AddressDirectory: Sendable {
    /// What stands between a user and the detail of a subaddress (RFC 5233).
    public static let subaddressSeparator: Character = "+"

    /// Where mail for `<postmaster>` without a domain goes (RFC 5321 §4.5.1); nil if there is neither a local domain
    /// nor a configured address.
    public let postmaster: EmailAddress?

    /// The local domains in the order in which they were given.
    public let domainNames: [Domain]

    let domains: [Domain: DirectoryDomain]

    /// Where one name is given twice, an alias wins over a list, a list over a user, and the first of a kind over the
    /// next; a configuration refuses such names. Aliases and lists outside the local domains are never found.
    ///
    /// Every domain has a postmaster: whoever has the name, else `postmaster`, else the first user, else a mailbox of
    /// that name.
    public init(
        domains: [LocalDomain], aliases: [AddressAlias] = [], lists: [MailingList] = [],
        postmaster: EmailAddress? = nil
    ) {
        let names = domains.map(\.name)
        var entries = Dictionary(uniqueKeysWithValues: Set(names).map { ($0, DirectoryDomain()) })
        for alias in aliases { Self.add(.alias(alias), as: alias.address, to: &entries) }
        for list in lists { Self.add(.list(list), as: list.address, to: &entries) }
        for domain in domains {
            entries[domain.name]?.catchAll = domain.catchAll
            for user in domain.users {
                let mailbox = Mailbox(user: user, domain: domain)
                Self.add(.mailbox(mailbox), as: mailbox.address, to: &entries)
            }
        }
        for domain in domains {
            let address = EmailAddress(localPart: .postmaster, host: .domain(domain.name))
            Self.add(Self.impliedPostmaster(of: domain, configured: postmaster), as: address, to: &entries)
        }
        for list in lists {
            let address = EmailAddress(localPart: list.ownerName, host: list.address.host)
            let owner = list.owner ?? EmailAddress(localPart: .postmaster, host: list.address.host)
            Self.add(.implied(owner), as: address, to: &entries)
        }
        self.domains = entries
        domainNames = names
        self.postmaster =
            postmaster ?? names.first.map { EmailAddress(localPart: .postmaster, host: .domain($0)) }
    }

    private static func add(
        _ name: DirectoryName, as address: EmailAddress, to entries: inout [Domain: DirectoryDomain]
    ) {
        guard let domain = address.domain else { return }
        let folded = address.localPart.folded
        if entries[domain]?.names[folded] == nil { entries[domain]?.names[folded] = name }
    }

    private static func impliedPostmaster(of domain: LocalDomain, configured: EmailAddress?) -> DirectoryName {
        let own = EmailAddress(localPart: .postmaster, host: .domain(domain.name))
        if let configured, configured != own { return .implied(configured) }
        if let first = domain.users.first {
            return .implied(EmailAddress(localPart: first, host: .domain(domain.name)))
        }
        return .mailbox(Mailbox(user: .postmaster, domain: domain))
    }
}
