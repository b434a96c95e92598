package import MailCore

/// One address on which mail is taken.
package struct ListenerConfiguration: NamedConfigurationSection {
    package enum Dialect: String, ConfigurationChoice {
        case smtp, lmtp, odmr
    }

    /// What happens to content with a line feed alone.
    package enum BareLineFeed: String, ConfigurationChoice {
        case refuse, convert
    }

    /// What happens to a client that talks before it may.
    package enum EarlyTalkers: String, ConfigurationChoice {
        case refuse, allow
    }

    /// When a session is encrypted.
    package enum Encryption: String, ConfigurationChoice {
        case off, starttls, implicit
    }

    /// Who sends there.
    package enum Role: String, ConfigurationChoice {
        case mx, submission
    }

    /// Whether clients can log in.
    package enum Authentication: String, ConfigurationChoice {
        case off, tls, clear
    }

    package let name: String
    package var address = ListenAddress(host: .v4(IPv4Address(bits: 0x7F00_0001)), port: 2525)
    package var dialect = Dialect.smtp
    /// nil until it is known whether there is a certificate.
    package var tls: Encryption?
    package var role = Role.mx
    /// nil until the other keys are known.
    package var auth: Authentication?
    package var defaultDomain: Domain?
    package var bareLineFeed = BareLineFeed.refuse
    package var greetingDelay = Duration.zero
    package var earlyTalkers = EarlyTalkers.refuse
    package var proxies: [IPNetwork] = []

    package init(name: String) {
        self.name = name
    }

    /// Whether only who logs in gets anything done.
    var isForUsers: Bool { role == .submission || dialect == .odmr }

    package static let placeholder = "NAME"
    package static var defaults: ListenerConfiguration { ListenerConfiguration(name: placeholder) }

    package static let keys: [ConfigurationKey<ListenerConfiguration>] = [
        .value(
            "address", \.address, required: true,
            "Where to listen: `127.0.0.1:25`, `[::]:25`. Port 0 takes a free one; the log says which."),
        .value(
            "protocol", \.dialect,
            "The protocol spoken: SMTP, LMTP (RFC 2033) for a local hand-over, or that of on-demand relay (RFC 2645, port 366) "
                + "for peers of `[turn]` that come for their mail with ATRN."),
        .value(
            "tls", \.tls, defaultText: "`\"starttls\"` where `[tls]` names a certificate, else `\"off\"`",
            "Whether clients may ask for encryption (STARTTLS), or it begins with the connection, as on port 465."),
        .value(
            "role", \.role,
            "Who sends there: other servers, or users (`submission`, RFC 6409), who have to log in, name only their own "
                + "addresses as the sender, and have their headers completed."),
        .value(
            "auth", \.auth, defaultText: "`\"tls\"` for users and on-demand relay, else `\"off\"`",
            "Whether clients can log in: `tls` only where the session is encrypted, `clear` always."),
        .value(
            "default_domain", \.defaultDomain, defaultText: "none: such addresses are refused",
            "The domain of addresses that users write without one, in the envelope and in the header; for `submission`."
        ),
        .value(
            "bare_lf", \.bareLineFeed,
            "Content with a line feed that has no carriage return is refused, or the line feed becomes a line end. "
                + "It is never passed on."),
        .bounded(
            "greeting_delay", \.greetingDelay, in: .zero ... .seconds(60),
            "The pause before the greeting, in which a client that does not wait gives itself away."),
        .value(
            "early_talkers", \.earlyTalkers,
            "Whether clients are refused that talk before the greeting, or go on without waiting for an answer "
                + "that they must wait for."),
        .value(
            "proxies", \.proxies,
            "The proxies in front of this listener. Each connection must come from one, and begin with a PROXY header "
                + "(version 1 or 2) that says who is behind it."),
    ]
}
