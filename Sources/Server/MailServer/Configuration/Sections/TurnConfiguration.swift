package import MailCore

/// A peer that comes for its mail, by ATRN or TURN.
package struct TurnConfiguration: NamedConfigurationSection {
    package let name: String
    package var user: String?
    package var domains: [Domain] = []
    package var turn = false

    package init(name: String) {
        self.name = name
    }

    package static let placeholder = "NAME"
    package static var defaults: TurnConfiguration { TurnConfiguration(name: placeholder) }

    package static let keys: [ConfigurationKey<TurnConfiguration>] = [
        .value(
            "user", \.user, defaultText: "the name of the table",
            "Who the peer must have authenticated as."),
        .list(
            "domains", \.domains, required: true, ifEmpty: "name those whose mail the peer gets",
            "The domains whose mail the peer gets, all of them or those that it names. A route `hold` keeps their mail "
                + "until it comes with ATRN or TURN; ETRN does not release it (458). `ETRN #NAME` tries them all."),
        .value(
            "turn", \.turn,
            "Whether the peer may use TURN (RFC 821 §3.8) on any listener, once it has authenticated over TLS; ATRN "
                + "(RFC 2645) it may use on listeners with `protocol = \"odmr\"`."),
    ]

    /// Who comes.
    package var identity: String { user ?? name }
}
