package import MailCore

/// One local domain.
package struct DomainConfiguration: NamedConfigurationSection {
    package let name: Domain
    package var delivery = DomainDelivery.maildir
    package var users: [LocalPart] = []
    package var usersFile: FilePath?
    package var aliasesFile: FilePath?
    package var catchAll: RecipientReference?
    /// The root of the Maildirs; nil for `mail` in the data folder.
    package var maildir: FolderPath?
    /// What each mailbox may hold.
    package var quota: ByteCount?

    /// What `users_file` holds.
    var fileUsers: [LocalPart] = []

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
        .value(
            "users_file", \.usersFile,
            "A file with more users, one a line; lines that begin with `#` are comments. When it changes it is read again "
                + "within seconds."),
        .value(
            "aliases_file", \.aliasesFile,
            "A file with aliases in this domain, as `name: recipient, recipient`; lines that begin with `#` are comments, "
                + "and those that begin with a space go on with the line before. When it changes it is read again within "
                + "seconds."),
        .value("catch_all", \.catchAll, "Who gets the mail for names that do not exist."),
        .value(
            "maildir", \.maildir, defaultText: "`mail` in the `data` folder",
            "The folder that holds the Maildirs, as `DOMAIN/USER`."),
        .value(
            "quota", \.quota,
            "What the mailbox of each user may hold, such as `\"2 GiB\"`. Recipients whose mailbox is full, or has no room "
                + "for a message of the announced size, are refused with 552 5.2.2; what was taken all the same, by an "
                + "alias for instance, waits in the queue (4.2.2). What a reader deletes counts within half a minute."),
    ]

    package var allUsers: [LocalPart] { users + fileUsers }
    var host: MailHost { .domain(name) }
}

extension Domain {
    /// The domain that documentation uses (RFC 2606 §3).
    static let example: Domain = {
        guard let domain = try? Domain("example.org") else { preconditionFailure("example.org is a domain") }
        return domain
    }()
}
