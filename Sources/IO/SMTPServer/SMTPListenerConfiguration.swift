public import MailCore
public import SMTPCore

/// Where a listener listens, what it speaks, and how long it waits.
public struct SMTPListenerConfiguration: Sendable {
    /// A place to listen at.
    public enum Endpoint: Hashable, Sendable, CustomStringConvertible {
        /// Port 0 is one that is free.
        case ip(IPAddress, port: Int)
        case unix(path: String)

        public var description: String {
            switch self {
            case .ip(.v4(let address), let port): "\(address):\(port)"
            case .ip(.v6(let address), let port): "[\(address)]:\(port)"
            case .unix(let path): path
            }
        }
    }

    /// How long a peer may let us wait.
    public struct Patience: Hashable, Sendable {
        /// For one command, however its octets dribble in (RFC 5321 §4.5.3.2.7 asks for 5 minutes).
        public var command: Duration
        /// For the next octet of content.
        public var content: Duration
        /// Octets a second that content must come at in the long run; 0 for any rate.
        public var contentRate: Int
        /// For replies to be read.
        public var replies: Duration
        /// For the whole session, between two transactions.
        public var session: Duration

        public init(
            command: Duration = .seconds(300), content: Duration = .seconds(180), contentRate: Int = 500,
            replies: Duration = .seconds(60), session: Duration = .seconds(86_400)
        ) {
            self.command = command
            self.content = content
            self.contentRate = contentRate
            self.replies = replies
            self.session = session
        }
    }

    /// When a session is encrypted.
    public enum Encryption: Hashable, Sendable {
        case off
        /// As soon as the peer asks for it with STARTTLS (RFC 3207).
        case startTLS
        /// From the first octet on (RFC 8314 §3).
        case implicit
    }

    /// The name in logs.
    public var name: String
    public var endpoint: Endpoint
    public var machine: SMTPServerConfiguration
    public var patience: Patience
    /// How long the greeting is held back, to catch who talks before it.
    public var greetingDelay: Duration
    /// All but `.off` need a listener that was given certificates.
    public var encryption: Encryption
    /// The proxies that connections come by, each with a PROXY header that says who is behind it (HAProxy's protocol,
    /// versions 1 and 2). Where there are any, nobody else is served.
    public var proxies: [IPNetwork] = []

    public init(
        name: String, endpoint: Endpoint, machine: SMTPServerConfiguration, patience: Patience = .init(),
        greetingDelay: Duration = .zero, encryption: Encryption = .off
    ) {
        self.name = name
        self.endpoint = endpoint
        self.machine = machine
        self.patience = patience
        self.greetingDelay = greetingDelay
        self.encryption = encryption
    }
}
