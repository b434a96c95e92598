package import PolicyService
import WebCore

extension PolicyAddress: ConfigurationValue {
    package static var typeName: String { "place of a policy program" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let written = try Self.text(of: node)
        let refusal = ValueRefusal(
            "must be \"unix:/path\", \"host:port\" or \"http://host:port/path\", not \(TOMLText.string(written))")
        if written.contains("://"), !Self.withoutFamily(written).hasPrefix("unix:/") {
            guard let address = WebAddress(written) else { throw refusal }
            self = .web(address)
            return
        }
        let text = Self.withoutFamily(written)
        if text.hasPrefix("unix:/") {
            self = .unix(path: String(text.dropFirst("unix:".count)))
            return
        }
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
            let port = UInt16(text[text.index(after: colon)...]), port > 0
        else { throw refusal }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw refusal
        }
        guard !host.isEmpty, !host.hasPrefix("unix") else { throw refusal }
        self = .tcp(host: String(host), port: Int(port))
    }

    /// `host:port`, however that was written: Postfix and Sendmail name the family too.
    private static func withoutFamily(_ text: String) -> String {
        for family in ["tcp:", "inet:", "inet6:"] where text.hasPrefix(family) {
            let place = text.dropFirst(family.count)
            guard let at = place.firstIndex(of: "@") else { return String(place) }
            return "\(place[place.index(after: at)...]):\(place[..<at])"
        }
        return text
    }

    package var toml: String? { TOMLText.string(description) }
}
