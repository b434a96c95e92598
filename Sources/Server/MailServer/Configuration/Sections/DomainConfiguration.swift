package import MailCore

/// One local domain.
package struct DomainConfiguration: NamedConfigurationSection {
    package let name: Domain
    package var delivery = DomainDelivery.maildir
    package var users: [LocalPart] = []
    package var catchAll: RecipientReference?
    /// The root of the Maildirs; nil for `mail` in the data folder.
    package var maildir: FolderPath?

    package init(name: Domain) {
        self.name = name
    }

    package static let placeholder = "\"example.org\""
    package static var defaults: DomainConfiguration { DomainConfiguration(name: .example) }

    package static let keys: [ConfigurationKey<DomainConfiguration>] = [
        .value(
            "deliver", \.delivery,
            "What becomes of the mail of the users: into a Maildir for each, or handed on as `[route.DOMAIN]` says."),
        .value(
            "users", \.users,
            "The users, without the domain. Their names match in any case, and `ann+anything` is `ann`."),
        .value("catch_all", \.catchAll, "Who gets the mail for names that do not exist."),
        .value(
            "maildir", \.maildir, defaultText: "`mail` in the `data` folder",
            "The folder that holds the Maildirs, as `DOMAIN/USER`."),
    ]

    var host: MailHost { .domain(name) }
}

extension Domain {
    /// The domain that documentation uses (RFC 2606 §3).
    static let example: Domain = {
        guard let domain = try? Domain("example.org") else { preconditionFailure("example.org is a domain") }
        return domain
    }()
}
