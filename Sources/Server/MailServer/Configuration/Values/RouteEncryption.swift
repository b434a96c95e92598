/// How safe the way to a next hop must be.
package enum RouteEncryption: Hashable, Sendable, ConfigurationValue {
    case off, may, must, verify
    /// The SHA-256 of the one certificate that is taken, in lower-case hexadecimal.
    case fingerprint(String)

    package static var typeName: String { "`off`, `may`, `must`, `verify` or `sha256:HEX`" }

    private static let words: [String: RouteEncryption] = ["off": .off, "may": .may, "must": .must, "verify": .verify]

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        guard case .string(let text) = node, let value = Self.words[text] ?? Self.fingerprint(in: text) else {
            let given = if case .string(let text) = node { TOMLText.string(text) } else { node.kind }
            throw ValueRefusal(
                "must be \"off\", \"may\", \"must\", \"verify\" or \"sha256:\" and 64 hexadecimal digits, not \(given)")
        }
        self = value
    }

    /// Colons between the octets, as openssl prints them, are left out.
    private static func fingerprint(in text: String) -> RouteEncryption? {
        guard text.hasPrefix("sha256:") else { return nil }
        let digits = text.dropFirst(7).filter { $0 != ":" }.lowercased()
        guard digits.utf8.count == 64, digits.allSatisfy(\.isHexDigit), digits.allSatisfy(\.isASCII) else { return nil }
        return .fingerprint(digits)
    }

    package var toml: String? {
        switch self {
        case .off: TOMLText.string("off")
        case .may: TOMLText.string("may")
        case .must: TOMLText.string("must")
        case .verify: TOMLText.string("verify")
        case .fingerprint(let digits): TOMLText.string("sha256:\(digits)")
        }
    }
}
