package import MailCore

/// How hosts are found that take mail for domains elsewhere.
package struct DNSConfiguration: ConfigurationSection {
    package var servers: [NameServerAddress] = []
    package var recursion = false
    package var dnssec = false
    package var trustAnchor = "/usr/share/dns/root.ds"
    package var timeout = Duration.seconds(10)
    package var allowNetworks: [IPNetwork] = []
    package var ownNetworks: [IPNetwork] = []
    package var checkRecipients = false

    package static var defaults: DNSConfiguration { DNSConfiguration() }

    package static let keys: [ConfigurationKey<DNSConfiguration>] = [
        .value(
            "servers", \.servers, defaultText: "those of the system, as `/etc/resolv.conf` names them",
            "The resolvers that are asked: `127.0.0.1`, `[::1]:5353`."),
        .value(
            "recursion", \.recursion,
            "Whether Martlet finds its own way from the root servers down, and asks no resolver."),
        .value(
            "dnssec", \.dnssec,
            "Whether answers are validated. The resolvers must pass on signatures; a forged answer is a reason to try "
                + "later."),
        .value("trust_anchor", \.trustAnchor, "The file with the key of the root that `dnssec` goes by."),
        .bounded(
            "timeout", \.timeout, in: .milliseconds(100) ... .seconds(60),
            "How long one question may take; the attempt is deferred beyond."),
        .value(
            "allow_networks", \.allowNetworks,
            "Networks that DNS may send mail to though they are not public, such as `10.1.0.0/16`. A host that a route "
                + "names may be anywhere."),
        .value(
            "own_networks", \.ownNetworks,
            "Where others reach this server, besides the addresses on which it takes mail at port 25, as behind address "
                + "translation. Mail for a domain whose best host is there would come back, so it is not sent."),
        .value(
            "check_recipients", \.checkRecipients,
            "Whether the domain of a recipient that goes by `mx` is looked up at RCPT: one that takes no mail (RFC 7505) "
                + "is refused with 556, one that does not exist with 550; while DNS has trouble with it clients hear 451 4.4.3."
        ),
    ]
}
