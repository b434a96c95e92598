package import MilterClient
import PolicyService

/// The address of a filter, as Postfix and Sendmail write it too.
package struct MilterPlace: ConfigurationValue, Hashable {
    let address: MilterAddress

    package static var typeName: String { "place of a filter" }

    package init(_ address: MilterAddress) {
        self.address = address
    }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        let text = try Self.text(of: node)
        do throws(ValueRefusal) {
            switch try PolicyAddress(.string(Self.withoutFamily(text))) {
            case .tcp(let host, let port): address = .tcp(host: host, port: port)
            case .unix(let path): address = .unix(path: path)
            }
        } catch {
            throw ValueRefusal("must be \"unix:/path\" or \"tcp:host:port\", not \(TOMLText.string(text))")
        }
    }

    /// `host:port`, however that was written.
    private static func withoutFamily(_ text: String) -> String {
        for family in ["tcp:", "inet:", "inet6:"] where text.hasPrefix(family) {
            let place = text.dropFirst(family.count)
            guard let at = place.firstIndex(of: "@") else { return String(place) }
            return "\(place[place.index(after: at)...]):\(place[..<at])"
        }
        return text
    }

    package var toml: String? {
        switch address {
        case .unix(let path): TOMLText.string("unix:\(path)")
        case .tcp(let host, let port): TOMLText.string("tcp:" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)")
        }
    }
}
