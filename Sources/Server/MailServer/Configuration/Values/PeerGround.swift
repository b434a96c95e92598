package import MailCore
import Reception

/// One reason why a peer may use a command: `"trusted"`, `"authenticated"`, or a network.
package enum PeerGround: ConfigurationValue, Hashable {
    case trusted
    case authenticated
    case network(IPNetwork)

    package static var typeName: String { "`trusted`, `authenticated` or network" }
    package static var pluralTypeName: String { "`trusted`, `authenticated`, networks" }

    package init(_ node: TOMLNode) throws(ValueRefusal) {
        switch try Self.text(of: node) {
        case "trusted": self = .trusted
        case "authenticated": self = .authenticated
        case let text:
            do throws(AddressError) {
                self = .network(try IPNetwork(text))
            } catch {
                throw ValueRefusal("must be \"trusted\", \"authenticated\" or a network: \(error)")
            }
        }
    }

    package var toml: String? {
        switch self {
        case .trusted: TOMLText.string("trusted")
        case .authenticated: TOMLText.string("authenticated")
        case .network(let network): TOMLText.string("\(network)")
        }
    }
}

extension PeerGrounds {
    init(_ grounds: [PeerGround]) {
        self.init()
        for ground in grounds {
            switch ground {
            case .trusted: trusted = true
            case .authenticated: authenticated = true
            case .network(let network): networks.append(network)
            }
        }
    }
}
