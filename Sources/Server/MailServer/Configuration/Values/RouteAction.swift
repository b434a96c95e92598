package import MailCore

/// What becomes of mail for a domain that is not local.
package enum RouteAction: Hashable, Sendable, ConfigurationValue {
    /// Kept in the queue until a person releases it.
    case hold
    /// Taken and thrown away.
    case discard
    /// Given up at once with this status and text.
    case error(EnhancedStatusCode, text: String)

    package static var typeName: String { "`hold`, `discard` or `error:5.1.1 text`" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        let parts = text.split(separator: " ", maxSplits: 1)
        if text == "hold" {
            self = .hold
        } else if text == "discard" {
            self = .discard
        } else if let first = parts.first, first.hasPrefix("error:"), parts.count == 2,
            let status = EnhancedStatusCode(first.dropFirst("error:".count)), status.class == .permanentFailure
        {
            let reason = String(parts[1])
            guard reason.utf8.allSatisfy({ !$0.isASCIIControl }) else {
                throw ValueRefusal("has a control character in its text")
            }
            self = .error(status, text: reason)
        } else {
            throw ValueRefusal("must be \"hold\", \"discard\" or \"error:5.1.1 text\", not \(TOMLText.string(text))")
        }
    }

    package var toml: String? {
        switch self {
        case .hold: TOMLText.string("hold")
        case .discard: TOMLText.string("discard")
        case .error(let status, let text): TOMLText.string("error:\(status) \(text)")
        }
    }
}
