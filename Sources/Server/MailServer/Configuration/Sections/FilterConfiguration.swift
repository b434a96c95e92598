import MilterClient
package import Reception

/// A filter of somebody else's, asked by the milter protocol.
package struct FilterConfiguration: NamedConfigurationSection {
    package let name: String
    package var address = MilterPlace(.unix(path: ""))
    package var absence = FilterSettings.Absence.tempfail
    package var listeners: [String] = []
    package var connectTimeout = Duration.seconds(30)
    package var commandTimeout = Duration.seconds(30)
    package var contentTimeout = Duration.seconds(300)

    package init(name: String) {
        self.name = name
    }

    package static let placeholder = "NAME"
    package static var defaults: FilterConfiguration { FilterConfiguration(name: placeholder) }

    private static let timeouts = Duration.seconds(1) ... .seconds(600)

    package static let keys: [ConfigurationKey<FilterConfiguration>] = [
        .value(
            "address", \.address, required: true,
            "Where it listens: `unix:/path`, or `tcp:host:port`; `inet:host:port` and `inet:port@host` mean the same."),
        .value(
            "default", \.absence,
            "What becomes of mail while it is away: `tempfail` has clients come again (451 4.7.1), `accept` takes mail "
                + "without it, `reject` takes none (550 5.7.1)."),
        .list(
            "listeners", \.listeners, defaultText: "all", ifEmpty: "leave it out for all",
            "The listeners whose sessions it sees, by their names."),
        .bounded(
            "connect_timeout", \.connectTimeout, in: timeouts,
            "How long it may take to take a connection and agree on the protocol."),
        .bounded(
            "command_timeout", \.commandTimeout, in: timeouts,
            "How long it may take to answer a command, a header field or a piece of a body."),
        .bounded(
            "content_timeout", \.contentTimeout, in: timeouts,
            "How long it may take to answer the end of a message. While it says that it is at work the time begins anew, "
                + "for ten minutes at most."),
    ]

    /// What reception is told of it.
    var settings: FilterSettings {
        FilterSettings(
            name: name, address: address.address, absence: absence,
            patience: MilterPatience(connect: connectTimeout, command: commandTimeout, content: contentTimeout),
            listeners: listeners)
    }
}

extension FilterSettings.Absence: ConfigurationChoice {}
