package import MailCore
package import QueueCore

/// What becomes of mail that has no mailbox here.
package enum RouteAction: Hashable, Sendable, ConfigurationValue {
    /// To the hosts that DNS names for the recipient's domain.
    case mx(port: Int)
    /// Always to the same place.
    case next(Destination)
    /// Kept in the queue until a person releases it.
    case hold
    /// Taken and thrown away.
    case discard
    /// Given up at once with this status and text.
    case error(EnhancedStatusCode, text: String)

    /// The ports of RFC 5321 §4.5.4.2 and, for want of a standard one, that of private mail systems.
    static let (smtpPort, lmtpPort) = (25, 24)

    package static var typeName: String { "route" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        switch text {
        case "hold": self = .hold
        case "discard": self = .discard
        case "mx": self = .mx(port: Self.smtpPort)
        default:
            guard let action = try RouteText(text).action() else {
                throw ValueRefusal(
                    "must be \"mx\", \"mx:PORT\", \"smtp://host:port\", \"lmtp://host:port\", \"lmtp:/path\", "
                        + "\"pipe:/program\", \"hold\", \"discard\" or \"error:5.1.1 text\", not "
                        + TOMLText.string(text))
            }
            self = action
        }
    }

    package var toml: String? { TOMLText.string(text) }

    private var text: String {
        switch self {
        case .hold: "hold"
        case .discard: "discard"
        case .error(let status, let text): "error:\(status) \(text)"
        case .mx(port: Self.smtpPort): "mx"
        case .mx(let port): "mx:\(port)"
        case .next(.program(let path, let arguments)): "pipe:" + ([path] + arguments).joined(separator: " ")
        case .next(let destination): destination.description
        }
    }
}
