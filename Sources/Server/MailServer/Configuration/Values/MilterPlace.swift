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
        let refusal = ValueRefusal("must be \"unix:/path\" or \"tcp:host:port\", not \(TOMLText.string(text))")
        do throws(ValueRefusal) {
            switch try PolicyAddress(node) {
            case .tcp(let host, let port): address = .tcp(host: host, port: port)
            case .unix(let path): address = .unix(path: path)
            case .web: throw refusal
            }
        } catch {
            throw refusal
        }
    }

    package var toml: String? {
        switch address {
        case .unix(let path): TOMLText.string("unix:\(path)")
        case .tcp(let host, let port): TOMLText.string("tcp:" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)")
        }
    }
}
