import MailCore
package import MailDirectory
import QueueCore

extension ServerConfiguration {
    /// The users, domains, aliases and lists of the configuration.
    package func makeDirectory() -> AddressDirectory {
        AddressDirectory(
            domains: domains.map(localDomain), aliases: allAliases.map(\.addressAlias), lists: lists.map(\.mailingList),
            postmaster: postmaster)
    }

    /// Whether a user of a domain here has this name, as it is shown to terminals.
    package func hasUser(_ name: String) -> Bool {
        let directory = makeDirectory()
        guard let localPart = try? LocalPart(name) else { return false }
        return domains.contains { domain in
            let address = EmailAddress(localPart: localPart, host: domain.host)
            guard case .mailbox(let mailbox) = directory.lookup(address) else { return false }
            return mailbox.user.text == name
        }
    }

    private func localDomain(_ domain: DomainConfiguration) -> LocalDomain {
        let delivery: LocalDomain.Delivery =
            switch domain.delivery {
            case .maildir: .maildir(root: (domain.maildir ?? defaultMaildir).description)
            case .route(.discard): .discard
            case .route: .routed
            }
        return LocalDomain(
            domain.name, users: domain.allUsers + loginUsers(of: domain.name),
            catchAll: domain.catchAll?.address(in: domain.host), delivery: delivery,
            quota: domain.quota.map { UInt64($0.bytes) })
    }
}

extension AliasConfiguration {
    var addressAlias: AddressAlias {
        if let movedTo { return AddressAlias(name, .moved(to: movedTo)) }
        return AddressAlias(name, .forward(to: targets.map { $0.address(in: name.host) }, tell: tell))
    }
}

extension ListConfiguration {
    var mailingList: MailingList {
        MailingList(
            name, members: allMembers.map { $0.address(in: name.host) }, owner: owner?.address(in: name.host))
    }
}
