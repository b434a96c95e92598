public import MailCore
import SMTPCore

/// Why a peer may use a command; one ground is enough.
public struct PeerGrounds: Hashable, Sendable {
    /// It may relay.
    public var trusted: Bool
    /// It has authenticated.
    public var authenticated: Bool
    /// It comes from one of these networks.
    public var networks: [IPNetwork]

    public init(trusted: Bool = false, authenticated: Bool = false, networks: [IPNetwork] = []) {
        self.trusted = trusted
        self.authenticated = authenticated
        self.networks = networks
    }

    /// Those who may relay, and those who have authenticated.
    public static let known = PeerGrounds(trusted: true, authenticated: true)

    func hold(for address: IPAddress?, isTrusted: Bool, isAuthenticated: Bool) -> Bool {
        if (trusted && isTrusted) || (authenticated && isAuthenticated) { return true }
        guard let address else { return false }
        return networks.contains { $0.contains(address) }
    }
}

/// Who may use the commands that tell something or set something going. To all others they are not there.
public struct CommandPolicy: Hashable, Sendable {
    public var verify = PeerGrounds.known
    public var expand = PeerGrounds.known
    /// HELP STATUS.
    public var status = PeerGrounds.known
    /// SEND, SOML and SAML.
    public var terminals = PeerGrounds.known
    /// ETRN.
    public var startQueue = PeerGrounds.known
    /// XCLIENT; only by the address that the connection comes from.
    public var clientAttributes: [IPNetwork] = []

    public init() {}

    /// What a peer may do.
    ///
    /// - Parameter origin: where the connection comes from, whoever it is said to stand for.
    func privileges(
        for address: IPAddress?, origin: IPAddress?, isTrusted: Bool, isAuthenticated: Bool
    ) -> SMTPServerPrivileges {
        var privileges: SMTPServerPrivileges = []
        let commands: [(PeerGrounds, SMTPServerPrivileges)] = [
            (verify, .verify), (expand, .expand), (status, .status), (terminals, .terminals),
            (startQueue, .startQueue),
        ]
        for (grounds, privilege) in commands
        where grounds.hold(for: address, isTrusted: isTrusted, isAuthenticated: isAuthenticated) {
            privileges.insert(privilege)
        }
        if let origin, clientAttributes.contains(where: { $0.contains(origin) }) {
            privileges.insert(.clientAttributes)
        }
        return privileges
    }
}
