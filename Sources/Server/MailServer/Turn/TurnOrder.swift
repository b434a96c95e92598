import MailCore
import SMTPClient
package import SMTPCore

/// What a person wants done at a server that keeps mail for this one.
package struct TurnOrder: Codable, Equatable, Sendable {
    package enum Command: String, Codable, Sendable, CaseIterable {
        /// That it tries to deliver the mail, by connections of its own (RFC 1985).
        case etrn
        /// That it sends the mail over the connection it is asked on (RFC 2645).
        case atrn
        /// The same in the way of RFC 821.
        case turn
    }

    /// How safe the way must be.
    package enum Encryption: String, Codable, Sendable, CaseIterable {
        case off, may, must, verify
    }

    /// Who logs in there.
    package struct Login: Codable, Equatable, Sendable {
        let user, password: String

        package init(user: String, password: String) {
            (self.user, self.password) = (user, password)
        }
    }

    /// Where the server is, as a URL.
    package var server: String
    package var command: Command
    /// The domains that are asked for; for ETRN also `@domain` and `#name`.
    package var names: [String]
    /// Domains whose waiting mail is sent first, over the same connection.
    package var send: [String]
    /// nil for what the routes to this server say.
    package var tls: Encryption?
    /// nil for who logs in there by a route.
    package var login: Login?

    package init(server: String, command: Command, names: [String], send: [String], tls: Encryption? = nil) {
        self.server = server
        self.command = command
        self.names = names
        self.send = send
        self.tls = tls
    }
}

extension TurnOrder {
    /// What is said to the server, command by command.
    ///
    /// - Throws: `TurnOrderError` if a name is none, or there are too few or too many.
    package func requests() throws(TurnOrderError) -> [MailRequest] {
        switch command {
        case .etrn:
            guard !names.isEmpty else { throw TurnOrderError("ETRN wants a domain, @domain or #name") }
            var requests: [MailRequest] = []
            for name in names { requests.append(.start(try Self.queue(name))) }
            return requests
        case .atrn: return [.turn(.atrn(try Self.domains(names)))]
        case .turn:
            guard names.isEmpty else {
                throw TurnOrderError("TURN takes no domains: the server knows whose mail it is")
            }
            return [.turn(.turn)]
        }
    }

    static func domains(_ names: [String]) throws(TurnOrderError) -> [Domain] {
        var domains: [Domain] = []
        for name in names { domains.append(try domain(name)) }
        return domains
    }

    private static func queue(_ name: String) throws(TurnOrderError) -> SMTPCore.QueueRequest {
        if name.hasPrefix("#"), name.count > 1, name.utf8.allSatisfy({ $0 > ASCII.space && $0 < 0x7F }) {
            return .queue(String(name.dropFirst()))
        }
        return name.hasPrefix("@") ? .domainAndBelow(try domain(String(name.dropFirst()))) : .domain(try domain(name))
    }

    private static func domain(_ name: String) throws(TurnOrderError) -> Domain {
        do { return try Domain(name) } catch { throw TurnOrderError("'\(name)' is no domain: \(error)") }
    }

    var policy: TLSPolicy? {
        switch tls {
        case nil: nil
        case .off: .off
        case .may: .may
        case .must: .must
        case .verify: .verify
        }
    }
}

/// Why an order cannot be carried out.
package struct TurnOrderError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
