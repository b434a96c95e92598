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

    private func localDomain(_ domain: DomainConfiguration) -> LocalDomain {
        let delivery: LocalDomain.Delivery =
            switch domain.delivery {
            case .maildir: .maildir(root: (domain.maildir ?? defaultMaildir).description)
            case .route(.discard): .discard
            case .route: .routed
            }
        return LocalDomain(
            domain.name, users: domain.allUsers + loginUsers(of: domain.name),
            catchAll: domain.catchAll?.address(in: domain.host), delivery: delivery
        )
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
