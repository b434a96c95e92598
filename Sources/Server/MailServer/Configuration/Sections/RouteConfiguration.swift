package import QueueCore

/// Where mail for a domain that is not local goes.
package struct RouteConfiguration: NamedConfigurationSection {
    package let name: RouteName
    package var action = RouteAction.hold
    package var tls = RouteEncryption.may
    package var user: String?
    package var passwordFile: FilePath?
    /// The first line of `password_file`.
    var password: String?

    package init(name: RouteName) {
        self.name = name
    }

    package static let placeholder = "DOMAIN"
    package static var defaults: RouteConfiguration { RouteConfiguration(name: .default) }

    package static let keys: [ConfigurationKey<RouteConfiguration>] = [
        .value(
            "to", \.action, required: true,
            "`mx` asks DNS for the hosts of the domain (`mx:PORT` for another port than 25); `smtp://host:port`, "
                + "`smtps://host:port` (TLS from the first octet on) and `lmtp://host:port` name one host (without a port: "
                + "25, 465 and 24), `lmtp:/path` a UNIX socket; "
                + "`pipe:/program arguments` runs a program, without a shell; `hold` keeps the mail in the queue, "
                + "`discard` throws it away, `error:5.1.1 text` gives it up with this status and text."),
        .value(
            "tls", \.tls,
            "`may` encrypts where the next hop offers STARTTLS, and goes on in clear where that fails; `must` sends "
                + "nothing in clear; `verify` wants a trusted certificate for the name of the host too, and `sha256:HEX` "
                + "this one certificate; `off` does not ask for encryption. With `smtps` a trusted certificate is wanted unless "
                + "it is `must` or `sha256:HEX`."),
        .value(
            "user", \.user,
            "Who logs in at the host that `to` names, by the strongest mechanism that it offers. Without encryption the "
                + "password is shown to this machine alone."),
        .value(
            "password_file", \.passwordFile,
            "The file whose first line is the password of `user`. When it changes it is read again within seconds."),
    ]
}
