package import MailCore

/// One mailing list.
package struct ListConfiguration: NamedConfigurationSection {
    package let name: EmailAddress
    package var members: [RecipientReference] = []
    package var membersFile: FilePath?
    package var owner: RecipientReference?
    /// What stands in `membersFile`.
    var fileMembers: [RecipientReference] = []

    package init(name: EmailAddress) {
        self.name = name
    }

    package static let placeholder = "\"staff@example.org\""
    package static var defaults: ListConfiguration {
        ListConfiguration(name: EmailAddress(localPart: .example, host: .domain(.example)))
    }

    package static let keys: [ConfigurationKey<ListConfiguration>] = [
        .value("members", \.members, "Who gets what is sent to the list."),
        .value(
            "members_file", \.membersFile,
            "A file with more members, one a line; lines that begin with `#` are comments. When it changes it is read "
                + "again within seconds."),
        .value(
            "owner", \.owner, defaultText: "the postmaster of the domain, by way of `LIST-owner`",
            "Who hears about members that cannot be reached: the reverse path of what goes to the members."),
    ]

    package var allMembers: [RecipientReference] { members + fileMembers }
}
