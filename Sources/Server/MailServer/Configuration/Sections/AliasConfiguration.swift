package import MailCore

/// One alias.
package struct AliasConfiguration: NamedConfigurationSection {
    package let name: EmailAddress
    package var targets: [RecipientReference] = []
    package var tell = false
    package var movedTo: EmailAddress?

    package init(name: EmailAddress) {
        self.name = name
    }

    package static let placeholder = "\"a@example.org\""
    package static let shortFormKey: String? = "to"
    package static var defaults: AliasConfiguration {
        AliasConfiguration(name: EmailAddress(localPart: .example, host: .domain(.example)))
    }

    package static let keys: [ConfigurationKey<AliasConfiguration>] = [
        .value("to", \.targets, "Who gets the mail. A list in place of the table means this key."),
        .value("tell", \.tell, "Whether the sender hears the new address (251)."),
        .value("moved_to", \.movedTo, "In place of `to`: mail is refused, and the sender hears this address (551)."),
    ]
}

extension LocalPart {
    /// The user of the documentation.
    static let example: LocalPart = {
        guard let name = try? LocalPart("ann") else { preconditionFailure("ann is a local part") }
        return name
    }()
}
