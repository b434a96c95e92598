package import MailCore
import MailOAuth
package import MailUsers
package import QueueCore
package import SMTPClient
import SMTPServer
import WebClient

/// Everything a server is told: the contents of one configuration file, with its defaults.
package struct ServerConfiguration: ConfigurationSection {
    package var hostname: Domain
    /// The folder of the spool, the index and the control socket.
    package var data: FolderPath
    package var postmaster: EmailAddress?
    package var listeners: [ListenerConfiguration] = []
    package var domains: [DomainConfiguration] = []
    package var aliases: [AliasConfiguration] = []
    package var lists: [ListConfiguration] = []
    package var relay = RelayConfiguration()
    package var commands = PeerCommandConfiguration()
    package var turns: [TurnConfiguration] = []
    package var policy = PolicyConfiguration()
    package var filters: [FilterConfiguration] = []
    package var routes: [RouteConfiguration] = []
    package var retry = RetryConfiguration()
    package var dns = DNSConfiguration()
    package var limits = LimitsConfiguration()
    package var log = LogConfiguration()
    package var tls = TLSConfiguration()
    package var auth = AuthConfiguration()
    package var oauth = OAuthConfiguration()
    package var certificates: [CertificateConfiguration] = []
    /// What the files of `tls` and `certificates` hold.
    var tlsContext: TLSServerContext?
    /// For listeners at which users log in, who may show certificates too; nil where these are not asked for.
    var userTLSContext: TLSServerContext?
    /// What `key_file` of `oauth` holds.
    var tokenKeys: TokenKeySet?
    package var tlsTrust = TLSTrust.system
    /// The same for servers of the Web.
    var webTrust = WebTrust.system
    /// What `users_file` of `auth` holds.
    package internal(set) var users = UserTable()
    /// What the `aliases_file` of each domain holds.
    var fileAliases: [AliasConfiguration] = []
    /// The files besides its own that the configuration was read from.
    var files: [ReadFile] = []
    /// What it was read from; nil for one that stands in no file.
    var source: ConfigurationSource?
    /// Whether nothing in its file was wrong.
    var isWhole = true
    /// What is sound and yet not as it should be.
    package internal(set) var warnings: [ConfigurationError] = []
    /// Where the values come from.
    package internal(set) var origins = ConfigurationOrigins()

    /// The configuration of an empty file.
    init(_ environment: ConfigurationEnvironment) {
        hostname = environment.hostname ?? .localhost
        data = FolderPath(environment.stateFolder)
    }

    package static var defaults: ServerConfiguration {
        ServerConfiguration(ConfigurationEnvironment(hostname: nil, stateFolder: ""))
    }

    package static let keys: [ConfigurationKey<ServerConfiguration>] = [
        .value(
            "hostname", \.hostname, defaultText: "the machine's name if it is a full domain name, else `\"localhost\"`",
            "The name of the server in its greeting and in trace fields."),
        .value(
            "data", \.data, defaultText: "`$XDG_STATE_HOME/martlet`, or `~/.local/state/martlet`",
            "The folder for the queue and, unless a domain says otherwise, for the Maildirs. A relative "
                + "path of a file or folder begins in the folder of the configuration file."
        ),
        .value(
            "postmaster", \.postmaster, defaultText: "the first user of the domain",
            "Who gets the mail for `postmaster` in domains that have no such user or alias."),
        .sections("listener", \.listeners, "An address on which mail is taken. Without one: 127.0.0.1:2525."),
        .section(
            "tls", \.tls, "The certificate that the server shows to whoever asks for encryption, and whom it trusts."),
        .sections(
            "certificate", \.certificates, "Another certificate, for clients that ask for this name (SNI)."),
        .section("auth", \.auth, "Who can log in, and what they may send."),
        .section("oauth", \.oauth, "Which access tokens let somebody in (OAUTHBEARER, XOAUTH2)."),
        .sections("domain", \.domains, "A domain whose mail ends here. Its `postmaster` always exists."),
        .sections(
            "alias", \.aliases,
            "An address that stands for others. Aliases are also written as lines of one table: "
                + "`\"a@example.org\" = [\"ann\", \"bob@example.net\"]` below `[alias]`."),
        .sections(
            "list", \.lists, "A mailing list: mail goes to the members, and reports about it to the list's owner."),
        .section("relay", \.relay, "Who may send to domains that are not local."),
        .section("commands", \.commands, "Who may use the commands that tell something or set something going."),
        .section("policy", \.policy, "What strangers must pass who name a recipient here."),
        .sections(
            "filter", \.filters,
            "A filter of somebody else's, such as rspamd, OpenDKIM or ClamAV, asked by the milter protocol. Of several, "
                + "each sees what those before it have made of a message."),
        .sections("turn", \.turns, "A peer that comes for its mail, and gets it over the connection that it made."),
        .sections(
            "route", \.routes,
            "Where mail goes that is not local, by its domain; `[route.default]` is for all other domains. Without it: "
                + "`hold`."),
        .section("retry", \.retry, "When what could not be delivered is tried again, and for how long."),
        .section("dns", \.dns, "How hosts are found that take mail for domains elsewhere."),
        .section("limits", \.limits, "Bounds for everything that a client controls."),
        .section("log", \.log, "What is logged, and how."),
    ]

    /// Writes out what follows from other keys or from their absence, so that it can be seen.
    mutating func complete() {
        if listeners.isEmpty { listeners = [ListenerConfiguration(name: "local")] }
        for index in listeners.indices where listeners[index].tls == nil {
            listeners[index].tls = tls.certificate == nil ? .off : .starttls
        }
        for index in listeners.indices where listeners[index].auth == nil {
            listeners[index].auth = listeners[index].isForUsers ? .tls : .off
        }
        if auth.mechanisms.isEmpty { auth.mechanisms = defaultMechanisms }
        if !routes.contains(where: { $0.name == .default }) { routes.append(.defaults) }
        for index in domains.indices where domains[index].delivery == .maildir && domains[index].maildir == nil {
            domains[index].maildir = defaultMaildir
        }
    }

    private var defaultMechanisms: [AuthConfiguration.Mechanism] {
        (tls.clientRoots == nil ? [] : [.external]) + (oauth.takesTokens ? [.oauthBearer, .xoauth2] : [])
            + (auth.dovecot == nil ? [.scramSHA256Plus, .scramSHA256] : []) + [.plain, .login]
    }

    package var allAliases: [AliasConfiguration] { aliases + fileAliases }

    var defaultMaildir: FolderPath { FolderPath("\(data)/mail") }

    /// What becomes of mail for `domain` that has no mailbox here; nil stands for an address literal.
    package func route(for domain: Domain?) -> RouteAction {
        if case .route(let action) = domains.first(where: { $0.name == domain })?.delivery { return action }
        let own = domain.flatMap { domain in routes.first { $0.name == .domain(domain) } }
        return (own ?? routes.first { $0.name == .default } ?? .defaults).action
    }

    /// Whether a client at `address` may relay.
    package func isTrusted(_ address: IPAddress) -> Bool { relay.from.contains { $0.contains(address) } }
}

extension Domain {
    static let localhost: Domain = {
        guard let domain = try? Domain("localhost") else { preconditionFailure("localhost is a domain") }
        return domain
    }()
}
