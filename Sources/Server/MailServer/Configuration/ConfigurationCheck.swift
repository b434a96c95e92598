import MailCore
import MailDirectory
import QueueCore

/// What no key can say about itself: that the parts of a configuration fit together.
struct ConfigurationCheck {
    private let configuration: ServerConfiguration
    private let directory: AddressDirectory
    private var names: [EmailAddress: String] = [:]

    static func check(_ configuration: ServerConfiguration, _ reader: inout ConfigurationReader) {
        var check = ConfigurationCheck(configuration)
        check.checkListeners(&reader)
        check.checkRetries(&reader)
        check.checkEncryption(&reader)
        check.checkLogins(&reader)
        check.checkMechanisms(&reader)
        check.checkRouteUsers(&reader)
        check.checkTurns(&reader)
        check.checkFilters(&reader)
        if configuration.dns.recursion, !configuration.dns.servers.isEmpty {
            reader.refuse("\"recursion\" asks no servers", at: ["dns", "servers"])
        }
        if configuration.policy.programUsers, configuration.policy.program == nil,
            !reader.hasErrors(below: ["policy", "program"])
        {
            reader.refuse("\"program_users\" asks \"program\", which is not given", at: ["policy", "program_users"])
        }
        for domain in configuration.domains { check.check(domain, &reader) }
        for alias in configuration.aliases { check.check(alias, at: ["alias", alias.name.description], &reader) }
        // A file of which lines could not be read lacks what others lead to.
        let whole = configuration.fileAliases.filter { !reader.hasErrors(below: file(of: $0)) }
        for alias in whole { check.check(alias, at: file(of: alias) + [alias.name.localPart.text], &reader) }
        for list in configuration.lists { check.check(list, &reader) }
        if let postmaster = configuration.postmaster {
            check.checkTarget(postmaster, of: "postmaster", at: ["postmaster"], &reader)
        }
    }

    private init(_ configuration: ServerConfiguration) {
        self.configuration = configuration
        directory = configuration.makeDirectory()
    }

    private func checkListeners(_ reader: inout ConfigurationReader) {
        var addresses: [ListenAddress: String] = [:]
        for listener in configuration.listeners where listener.address.port != 0 {
            let path = ["listener", listener.name, "address"]
            guard !reader.hasErrors(below: ["listener", listener.name]) else { continue }
            if let other = addresses.updateValue(listener.name, forKey: listener.address) {
                reader.refuse(
                    "address \(listener.address) is already that of [listener.\(TOMLText.key(other))]", at: path)
            }
        }
    }

    private func checkEncryption(_ reader: inout ConfigurationReader) {
        for listener in configuration.listeners where (listener.tls ?? .off) != .off {
            let path = ["listener", listener.name, "tls"]
            guard configuration.tls.certificate == nil, !reader.hasErrors(below: path) else { continue }
            reader.refuse(
                "tls needs a certificate: say where it is with \"certificate\" and \"key\" in [tls]", at: path)
        }
        var known: [RouteAction: RouteConfiguration] = [:]
        for route in configuration.routes {
            guard case .next = route.action else { continue }
            if let other = known.updateValue(route, forKey: route.action), other.tls != route.tls {
                let name = TOMLText.key(["route", other.name.description])
                reader.refuse(
                    "tls is \(route.tls.toml ?? "") here and \(other.tls.toml ?? "") in [\(name)], which leads to the same "
                        + "place", at: ["route", route.name.description, "tls"])
            }
        }
    }

    /// A filter that sees no session is a mistake.
    private func checkFilters(_ reader: inout ConfigurationReader) {
        let names = configuration.listeners.map(\.name)
        for filter in configuration.filters {
            for name in filter.listeners where !names.contains(name) {
                let hint = Suggestion.nearest(to: name, among: names).map { "; did you mean \(TOMLText.string($0))?" }
                reader.refuse(
                    "there is no listener \(TOMLText.string(name))\(hint ?? "")",
                    at: ["filter", filter.name, "listeners"])
            }
        }
    }

    /// Each peer, and each domain whose mail somebody comes for, is there once.
    private func checkTurns(_ reader: inout ConfigurationReader) {
        var (identities, owners): ([String: String], [Domain: String]) = ([:], [:])
        for peer in configuration.turns where !reader.hasErrors(below: ["turn", peer.name]) {
            let path = ["turn", peer.name]
            if let other = identities.updateValue(peer.name, forKey: peer.identity) {
                reader.refuse("[turn.\(TOMLText.key([other]))] is for the same user", at: path)
            }
            for domain in peer.domains {
                if let other = owners.updateValue(peer.name, forKey: domain), other != peer.name {
                    reader.refuse(
                        "\(domain) is of [turn.\(TOMLText.key([other]))] already", at: path + ["domains"])
                }
                if let local = configuration.domains.first(where: { $0.name == domain }), !local.isRouted {
                    reader.refuse("the mail of \(domain) ends here, and waits for nobody", at: path + ["domains"])
                }
            }
        }
    }

    private func checkLogins(_ reader: inout ConfigurationReader) {
        for listener in configuration.listeners where listener.role != .submission && listener.defaultDomain != nil {
            reader.refuse(
                "default_domain goes with role = \"submission\"", at: ["listener", listener.name, "default_domain"])
        }
        for listener in configuration.listeners where listener.role == .submission {
            let path = ["listener", listener.name]
            guard !reader.hasErrors(below: path) else { continue }
            if listener.dialect != .smtp {
                reader.refuse("role = \"submission\" goes with protocol = \"smtp\"", at: path + ["role"])
            }
            if listener.auth == .off {
                reader.refuse("auth = \"off\" leaves nobody who could submit anything", at: path + ["auth"])
            }
            checkEncryptedLogins(at: listener, key: "role", &reader)
        }
        // A proxy that may say who is there needs no login.
        for listener in configuration.listeners
        where listener.dialect == .odmr && listener.role != .submission
            && configuration.commands.xclient.isEmpty
        {
            checkEncryptedLogins(at: listener, key: "protocol", &reader)
        }
    }

    private func checkEncryptedLogins(
        at listener: ListenerConfiguration, key: String, _ reader: inout ConfigurationReader
    ) {
        let path = ["listener", listener.name]
        guard listener.auth == .tls, (listener.tls ?? .off) == .off, !reader.hasErrors(below: path) else { return }
        reader.refuse(
            "nobody can log in without encryption: say where the certificate is in [tls], or auth = \"clear\" "
                + "where nobody can listen in", at: path + [key])
    }

    /// Each mechanism has somebody who knows its users.
    private func checkMechanisms(_ reader: inout ConfigurationReader) {
        let (auth, path) = (configuration.auth, ["auth", "mechanisms"])
        if auth.dovecot != nil, auth.usersFile != nil {
            reader.refuse("\"dovecot\" is asked in place of \"users_file\": only one of them", at: ["auth", "dovecot"])
        }
        for mechanism in auth.mechanisms {
            let name = mechanism.rawValue
            if mechanism.isOfDovecot, auth.dovecot == nil {
                reader.refuse("only Dovecot speaks \(name): say where its socket is with \"dovecot\"", at: path)
            } else if mechanism.bindsChannel, auth.dovecot != nil {
                reader.refuse("Dovecot does not know the TLS session that \(name) is bound to", at: path)
            } else if mechanism.isOfTokens, !configuration.oauth.takesTokens, auth.dovecot == nil {
                reader.refuse("\(name) needs \"key_file\" in [oauth], or \"introspection_endpoint\"", at: path)
            } else if mechanism == .external, configuration.tls.clientRoots == nil {
                reader.refuse("EXTERNAL needs \"client_roots\" in [tls]", at: path)
            }
        }
    }

    /// The schedule of deliveries knows places, and not routes.
    private func checkRouteUsers(_ reader: inout ConfigurationReader) {
        var known: [RouteAction: RouteConfiguration] = [:]
        for route in configuration.routes {
            guard case .next = route.action else { continue }
            if let other = known.updateValue(route, forKey: route.action), other.user != route.user {
                let name = TOMLText.key(["route", other.name.description])
                reader.refuse(
                    "user is another one than in [\(name)], which leads to the same place",
                    at: ["route", route.name.description, "user"])
            }
        }
    }

    private func checkRetries(_ reader: inout ConfigurationReader) {
        let retry = configuration.retry
        guard !reader.hasErrors(below: ["retry"]) else { return }
        if retry.longest < retry.first {
            reader.refuse("\"longest\" is shorter than \"first\"", at: ["retry", "longest"])
        }
        if retry.lifetime < retry.first {
            reader.refuse("\"lifetime\" is shorter than \"first\"", at: ["retry", "lifetime"])
        }
    }

    private mutating func check(_ domain: DomainConfiguration, _ reader: inout ConfigurationReader) {
        let path = ["domain", domain.name.description]
        if domain.delivery != .maildir, domain.maildir != nil {
            let delivery = domain.delivery.toml ?? ""
            reader.refuse("\"maildir\" does not go with deliver = \(delivery)", at: path + ["maildir"])
        }
        if domain.delivery != .maildir, domain.quota != nil {
            let delivery = domain.delivery.toml ?? ""
            reader.refuse("\"quota\" does not go with deliver = \(delivery)", at: path + ["quota"])
        }
        if domain.quota?.bytes == 0 {
            reader.refuse("\"quota\" has room for nothing; leave it out for none", at: path + ["quota"])
        }
        for (index, user) in domain.users.enumerated() {
            let address = EmailAddress(localPart: user, host: domain.host)
            claim(address, as: "a user", at: path + ["users", String(index)], &reader)
        }
        for user in domain.fileUsers {
            claim(
                EmailAddress(localPart: user, host: domain.host), as: "a user", at: path + ["users_file", user.text],
                &reader)
        }
        if let catchAll = domain.catchAll?.address(in: domain.host) {
            checkTarget(catchAll, of: "catch_all", at: path + ["catch_all"], &reader)
        }
    }

    /// The key that names the file in which an alias stands.
    private static func file(of alias: AliasConfiguration) -> [String] {
        ["domain", alias.name.domain?.description ?? "", "aliases_file"]
    }

    private mutating func check(
        _ alias: AliasConfiguration, at path: [String], _ reader: inout ConfigurationReader
    ) {
        claim(alias.name, as: "an alias", at: path, &reader)
        guard !reader.hasErrors(below: path) else { return }
        if alias.targets.isEmpty == (alias.movedTo == nil) {
            reader.refuse("the alias \(alias.name) needs either \"to\" with recipients or \"moved_to\"", at: path)
        }
        if alias.tell, alias.movedTo != nil {
            reader.refuse("\"tell\" goes with \"to\"; \"moved_to\" always tells", at: path + ["tell"])
        }
        for (index, target) in alias.targets.enumerated() {
            let address = target.address(in: alias.name.host)
            checkTarget(address, of: "the alias \(alias.name)", at: path + ["to", String(index)], &reader)
        }
        checkExpansion(of: alias.name, at: path, &reader)
    }

    private mutating func check(_ list: ListConfiguration, _ reader: inout ConfigurationReader) {
        let path = ["list", list.name.description]
        claim(list.name, as: "a list", at: path, &reader)
        guard !reader.hasErrors(below: path) else { return }
        if list.allMembers.isEmpty {
            reader.refuse(
                "the list \(list.name) has no members: name them with \"members\" or \"members_file\"",
                at: path + ["members"])
        }
        for (index, member) in list.members.enumerated() {
            let address = member.address(in: list.name.host)
            checkTarget(address, of: "the list \(list.name)", at: path + ["members", String(index)], &reader)
        }
        for member in list.fileMembers {
            let address = member.address(in: list.name.host)
            checkTarget(address, of: "the list \(list.name)", at: path + ["members_file", "\(address)"], &reader)
        }
        if let owner = list.owner?.address(in: list.name.host) {
            checkTarget(owner, of: "owner", at: path + ["owner"], &reader)
        }
        checkExpansion(of: list.name, at: path, &reader)
    }

    /// Gives a name of a local domain to one user, alias or list.
    private mutating func claim(
        _ address: EmailAddress, as kind: String, at path: [String], _ reader: inout ConfigurationReader
    ) {
        guard let domain = address.domain, directory.isLocal(domain) else {
            reader.refuse("\(address) is \(kind), but its domain is not local: there is no [domain] for it", at: path)
            return
        }
        let folded = (try? LocalPart(address.localPart.folded)) ?? address.localPart
        let name = EmailAddress(localPart: folded, host: address.host)
        if let other = names[name] {
            reader.refuse("\(address) is \(kind), and \(other) before", at: path)
        } else {
            names[name] = kind
        }
    }

    private func checkTarget(
        _ address: EmailAddress, of owner: String, at path: [String], _ reader: inout ConfigurationReader
    ) {
        if directory.lookup(address) == .unknownUser {
            reader.refuse("\(owner) leads to \(address), which does not exist", at: path)
        }
    }

    private func checkExpansion(of address: EmailAddress, at path: [String], _ reader: inout ConfigurationReader) {
        if directory.resolve(address) == .tooManyExpansions {
            reader.refuse("\(address) leads in a circle or through more than twenty aliases", at: path)
        }
    }
}

extension DomainConfiguration {
    /// Whether its mail is handed on.
    fileprivate var isRouted: Bool {
        if case .route = delivery { true } else { false }
    }
}
