package import MailCore
import Reception

/// Who may use the commands that tell something, or set something going.
package struct PeerCommandConfiguration: ConfigurationSection {
    package var verify: [PeerGround] = [.trusted, .authenticated]
    package var expand: [PeerGround] = [.trusted, .authenticated]
    package var status: [PeerGround] = [.trusted, .authenticated]
    package var terminals: [PeerGround] = [.trusted, .authenticated]
    package var etrn: [PeerGround] = [.trusted, .authenticated]
    package var xclient: [IPNetwork] = []

    package static var defaults: PeerCommandConfiguration { PeerCommandConfiguration() }

    package static let keys: [ConfigurationKey<PeerCommandConfiguration>] = [
        .value(
            "verify", \.verify,
            "Who hears from VRFY whether a user exists: `trusted` networks (those of `[relay] from`), `authenticated` "
                + "users, or networks by their numbers. Others hear 252, whoever they ask for."),
        .value("expand", \.expand, "Who hears from EXPN who is on a list. Others hear 502."),
        .value("status", \.status, "Who hears from HELP STATUS how the server does. Others hear 504."),
        .value(
            "terminals", \.terminals,
            "Who may write to the terminals of local users with SEND, SOML and SAML. Others hear "
                + "502. For terminals that take messages (`mesg y`) the server's user must be in the group `tty`."),
        .value("etrn", \.etrn, "Who may have the queue for a domain elsewhere tried (RFC 1985). Others hear 502."),
        .value(
            "xclient", \.xclient,
            "The proxies that may say with XCLIENT for whom they speak. Others hear 550."),
    ]
}

extension PeerCommandConfiguration {
    var policy: CommandPolicy {
        var policy = CommandPolicy()
        policy.verify = PeerGrounds(verify)
        policy.expand = PeerGrounds(expand)
        policy.status = PeerGrounds(status)
        policy.terminals = PeerGrounds(terminals)
        policy.startQueue = PeerGrounds(etrn)
        policy.clientAttributes = xclient
        return policy
    }
}
