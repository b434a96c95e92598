package import MailCore

/// Who may send to domains that are not local.
package struct RelayConfiguration: ConfigurationSection {
    package var from: [IPNetwork] = [
        IPNetwork(containing: .v4(IPv4Address(bits: 0x7F00_0000)), prefixLength: 8),
        IPNetwork(containing: .v6(IPv6Address(bits: 1)), prefixLength: 128),
    ]

    package static var defaults: RelayConfiguration { RelayConfiguration() }

    package static let keys: [ConfigurationKey<RelayConfiguration>] = [
        .value(
            "from", \.from,
            "The networks whose clients may relay. They are also free of the limits for each address, and are the "
                + "`trusted` of `[commands]`.")
    ]
}
